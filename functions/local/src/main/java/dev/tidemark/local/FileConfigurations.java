package dev.tidemark.local;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.Configurations;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Configurations as files {@code <digest>.json} in a folder of the state folder. */
public final class FileConfigurations implements Configurations {
  private final Path folder;

  /**
   * @param folder made where it is absent
   */
  public FileConfigurations(Path folder) {
    this.folder = folder;
  }

  @Override
  public void put(Configuration configuration) {
    Path file = file(configuration.digest());
    if (Files.exists(file)) {
      return;
    }
    Path temporary = null;
    try {
      Files.createDirectories(folder);
      temporary = Files.createTempFile(folder, "put-", ".tmp");
      try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        var bytes = ByteBuffer.wrap(configuration.json().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      // Racing writers write equal bytes.
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      try (var parent = FileChannel.open(folder, StandardOpenOption.READ)) {
        parent.force(true);
      }
    } catch (IOException e) {
      discard(temporary, e);
      throw new TransientFailure("configuration cannot be kept in " + folder + ": " + e, e);
    }
  }

  @Override
  public Configuration read(String digest) {
    Path file = file(digest);
    try {
      Configuration read = Configuration.parse(Files.readString(file));
      if (read.digest().equals(digest)) {
        return read;
      }
      throw damaged(file, "content with the digest " + read.digest());
    } catch (NoSuchFileException e) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "configuration " + digest)
          .expected("a file " + file)
          .found("none")
          .hint("was the state folder emptied while a run was in progress?")
          .cause(e);
    } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
      throw damaged(file, "no configuration").cause(e);
    } catch (IOException e) {
      throw new TransientFailure("configuration " + file + " cannot be read: " + e, e);
    }
  }

  private Path file(String digest) {
    if (!digest.matches("[0-9a-f]{64}")) {
      throw PermanentFailure.of(Kind.INVALID, "digest of a configuration")
          .expected("64 hex digits")
          .found("'" + digest + "'");
    }
    return folder.resolve(digest + ".json");
  }

  private static PermanentFailure damaged(Path file, String found) {
    return PermanentFailure.of(Kind.DAMAGED, "configuration " + file)
        .expected("what was kept under this digest")
        .found(found);
  }

  private static void discard(
      @org.jspecify.annotations.Nullable Path temporary, IOException because) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }
  }
}
