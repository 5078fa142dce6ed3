package dev.tidemark.core.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The {@link SampleVault} as format 1 was frozen, in files: what is there must stay readable for
 * ever, and is never written anew. A format that can say more gets a folder of its own:
 *
 * <pre>java -cp … dev.tidemark.core.vault.GoldenVault shared-core/core/src/test/resources/golden/v2
 * </pre>
 */
final class GoldenVault {
  private GoldenVault() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    for (var object : new SampleVault().store.objects.entrySet()) {
      Path file = folder.resolve(object.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, object.getValue());
    }
  }

  static MapStore read(Path folder) throws IOException {
    var store = new MapStore();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = folder.relativize(file).toString().replace('\\', '/');
        store.objects.put(key, Files.readAllBytes(file));
      }
    }
    return store;
  }
}
