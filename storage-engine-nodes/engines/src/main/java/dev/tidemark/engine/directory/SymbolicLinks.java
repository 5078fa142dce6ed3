package dev.tidemark.engine.directory;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Makes symbolic links with exactly the given bytes. */
final class SymbolicLinks {
  private SymbolicLinks() {}

  /** The JDK joins slashes that follow one another; then the command {@code ln} makes the link. */
  static void ensure(Path path, byte[] target) throws IOException {
    if (Files.isSymbolicLink(path)
        && Arrays.equals(RawNames.bytes(Files.readSymbolicLink(path)), target)) {
      return;
    }
    Files.deleteIfExists(path);
    Path said = RawNames.path(target);
    if (Arrays.equals(RawNames.bytes(said), target)) {
      Files.createSymbolicLink(path, said);
      return;
    }
    Path draft = Files.createTempFile(path.getParent(), ".link", "");
    try {
      Files.delete(draft);
      if (!ln(new String(target, StandardCharsets.UTF_8), draft)
          || !Arrays.equals(RawNames.bytes(Files.readSymbolicLink(draft)), target)) {
        throw PermanentFailure.of(Kind.FAILED, "link to " + EntryPath.escape(target))
            .expected("the command ln, which can make a link to a path with doubled slashes")
            .found("that it failed")
            .hint("install coreutils");
      }
      Trees.rename(draft, path);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static boolean ln(String target, Path link) throws IOException {
    Process process =
        new ProcessBuilder("ln", "-s", "--", target, link.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      process.destroyForcibly();
    }
  }
}
