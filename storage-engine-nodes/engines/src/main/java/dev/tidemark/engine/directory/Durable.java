package dev.tidemark.engine.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes files survive a loss of power. A call to the disk for each of many small files takes longer
 * than to write them; so many files are made safe by one call for their whole file system, which
 * the JDK does not have, and the command {@code sync -f} has (GNU coreutils). Where that command is
 * missing, or fails, each file is forced.
 */
final class Durable {
  private static final int FEW = 16;

  private Durable() {}

  static void folder(Path folder) throws IOException {
    file(folder);
  }

  static void files(Path folder, List<Path> files) throws IOException {
    if (files.size() > FEW && fileSystem(folder)) {
      return;
    }
    try {
      files.parallelStream().forEach(Durable::unchecked);
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof AccessDeniedException) || !fileSystem(folder)) {
        throw e.getCause();
      }
    }
  }

  /** Everything on the file system of a path; false where that cannot be done. */
  private static boolean fileSystem(Path path) {
    try {
      Process process =
          new ProcessBuilder("sync", "-f", path.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void unchecked(Path file) {
    try {
      file(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void file(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException e) {
      return; // was written again under another name, or removed: nothing to keep
    }
  }
}
