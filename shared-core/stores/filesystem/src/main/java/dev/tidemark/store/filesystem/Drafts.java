package dev.tidemark.store.filesystem;

import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.time.Ids;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;

/**
 * Temporary files, which become objects by a link. No key begins with a dot, so none meets them.
 */
final class Drafts {
  private static final String FOLDER = ".tmp";
  private static final Duration LEFTOVER_AGE = Duration.ofHours(24);
  private static final Duration CLEANING_INTERVAL = Duration.ofHours(1);
  private static final int COPY_BYTES = 256 << 10;

  private final Place place;
  private final InstantSource clock;
  private final Ids ids;
  private final AtomicReference<Instant> nextCleaning = new AtomicReference<>(Instant.MIN);

  Drafts(Place place, InstantSource clock, Ids ids) {
    this.place = place;
    this.clock = clock;
    this.ids = ids;
  }

  /** A new draft; removed when it is closed, whether or not it was linked. */
  Draft begin() throws IOException {
    cleanNowAndThen();
    Path path = place.path(FOLDER + "/" + ids.text(20));
    try {
      return new Draft(path);
    } catch (NoSuchFileException e) {
      place.require();
      makeFolder();
      return new Draft(path);
    }
  }

  private void makeFolder() throws IOException {
    try {
      Files.createDirectory(place.path(FOLDER));
    } catch (FileAlreadyExistsException e) {
      // Another process was faster.
    }
  }

  private void cleanNowAndThen() throws IOException {
    Instant now = clock.instant();
    Instant due = nextCleaning.get();
    if (now.isBefore(due) || !nextCleaning.compareAndSet(due, now.plus(CLEANING_INTERVAL))) {
      return;
    }
    Instant old = now.minus(LEFTOVER_AGE);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(place.path(FOLDER))) {
      for (Path each : leftovers) {
        BasicFileAttributes attributes = place.attributes(each);
        if (attributes != null
            && attributes.isRegularFile()
            && attributes.lastModifiedTime().toInstant().isBefore(old)) {
          Files.deleteIfExists(each);
        }
      }
    } catch (NoSuchFileException e) {
      // Nothing was ever stored here.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** A file that is not an object yet. */
  static final class Draft implements AutoCloseable {
    private final Path path;
    private final FileChannel file;
    private final CRC32C sum = new CRC32C();
    private long size;

    Draft(Path path) throws IOException {
      this.path = path;
      this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /**
     * @param bytes positions unchanged
     */
    void write(List<ByteBuffer> bytes) throws IOException {
      bytes.forEach(each -> sum.update(each.duplicate()));
      size += Gathering.write(file, bytes);
    }

    void write(FileChannel source) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      while (source.read(buffer.clear()) >= 0) {
        write(List.of(buffer.flip()));
      }
    }

    void sync() throws IOException {
      // Without the file's times, which nobody needs to survive.
      file.force(false);
    }

    void link(Path name) throws IOException {
      Files.createLink(name, path);
    }

    long size() {
      return size;
    }

    Checksum checksum() {
      return Checksum.of(sum);
    }

    @Override
    public void close() throws IOException {
      try (file) {
        Files.deleteIfExists(path);
      }
    }
  }
}
