package dev.tidemark.core.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The {@link SampleVault} as the first release wrote it, in files. What is there must stay readable
 * for ever; it is written anew only while the format is not released:
 *
 * <pre>java -cp … dev.tidemark.core.vault.GoldenVault shared-core/core/src/test/resources/golden/v1
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
