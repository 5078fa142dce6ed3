package dev.tidemark.store.filesystem;

import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.staging.StagedPart;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.StagingArea.UploadGone;
import dev.tidemark.core.staging.Upload;
import dev.tidemark.core.time.Ids;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * What is no object yet, in {@code .tidemark}: a file each for what is put, and a folder each for
 * uploads, with the object's key in the file {@code key} and the parts by their numbers. A part's
 * tag is the time at which it was written.
 */
final class Makings {
  private static final String FOLDER = ".tidemark";
  private static final Duration CLEANING_INTERVAL = Duration.ofHours(1);
  private static final String KEY = "key";
  private static final Pattern ID = Pattern.compile("u-[a-z0-9]{20}");
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

  private final Place place;
  private final InstantSource clock;
  private final Ids ids;
  private final AtomicReference<Instant> nextCleaning = new AtomicReference<>(Instant.MIN);

  Makings(Place place, InstantSource clock, Ids ids) {
    this.place = place;
    this.clock = clock;
    this.ids = ids;
  }

  /** The path of a file to make; its folder is there. */
  Path draft() throws IOException {
    place.require();
    cleanNowAndThen();
    return folder().resolve("d-" + ids.text(20));
  }

  private Path folder() throws IOException {
    return Files.createDirectories(place.path(FOLDER));
  }

  static void write(Path path, List<ByteBuffer> bytes) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long unused = Gathering.write(file, bytes);
      file.force(false);
    }
  }

  Upload begin(String key) throws IOException {
    place.require();
    cleanNowAndThen();
    String id = "u-" + ids.text(20);
    // The folder gets its name when it is whole: none is seen without its key.
    Path made = Files.createDirectory(folder().resolve("d-" + ids.text(20)));
    write(made.resolve(KEY), List.of(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8))));
    Files.move(made, folder().resolve(id), StandardCopyOption.ATOMIC_MOVE);
    return new Upload(key, id, begun(folder().resolve(id)));
  }

  private static Instant begun(Path upload) throws IOException {
    return Files.getLastModifiedTime(upload.resolve(KEY)).toInstant();
  }

  /** The folder of an upload that is there. */
  private Path folder(Upload upload) throws IOException {
    place.require();
    Path folder = place.path(FOLDER).resolve(upload.id());
    try {
      if (ID.matcher(upload.id()).matches()
          && Files.readString(folder.resolve(KEY)).equals(upload.key())) {
        return folder;
      }
    } catch (NoSuchFileException e) {
      throw new UploadGone(upload, e);
    }
    throw new UploadGone(upload, null);
  }

  StagedPart part(Upload upload, int number, List<ByteBuffer> bytes) throws IOException {
    Path folder = folder(upload);
    Path made = folder.resolve("d-" + ids.text(20));
    try {
      write(made, bytes);
      Path part = folder.resolve(Integer.toString(number));
      Files.move(made, part, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return part(number, part);
    } catch (NoSuchFileException e) {
      throw new UploadGone(upload, e);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  private static StagedPart part(int number, Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new StagedPart(
        number, attributes.size(), attributes.lastModifiedTime().toInstant().toString());
  }

  List<StagedPart> parts(Upload upload) throws IOException {
    List<StagedPart> parts = new ArrayList<>();
    for (Path each : entries(folder(upload))) {
      String name = each.getFileName().toString();
      if (NUMBER.matcher(name).matches()) {
        parts.add(part(Integer.parseInt(name), each));
      }
    }
    parts.sort(Comparator.comparing(StagedPart::number));
    return parts;
  }

  /** A file of all parts one after the other. */
  Path join(Upload upload, List<StagedPart> parts) throws IOException {
    Path folder = folder(upload);
    Path whole = folder.resolve("d-" + ids.text(20));
    try (FileChannel to =
        FileChannel.open(whole, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (StagedPart part : parts) {
        Path path = folder.resolve(Integer.toString(part.number()));
        requireAsNamed(upload, part, path);
        try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ)) {
          for (long at = 0; at < part.size(); ) {
            at += from.transferTo(at, part.size() - at, to);
          }
        }
      }
      to.force(false);
    }
    return whole;
  }

  private static void requireAsNamed(Upload upload, StagedPart part, Path path) throws IOException {
    boolean there = Files.exists(path);
    if (!there || !part(part.number(), path).equals(part)) {
      throw PermanentFailure.of(Kind.INVALID, "upload of " + upload.key())
          .expected("part %d of %s".formatted(part.number(), part.tag()))
          .found(there ? "one of " + part(part.number(), path).tag() : "none");
    }
  }

  void abort(Upload upload) throws IOException {
    if (ID.matcher(upload.id()).matches()) {
      remove(place.path(FOLDER).resolve(upload.id()));
    }
  }

  /** First the key, so that a half removed upload is none. */
  private static void remove(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder.resolve(KEY));
      for (Path each : entries(folder)) {
        Files.deleteIfExists(each);
      }
      Files.deleteIfExists(folder);
    } catch (FileSystemException e) {
      if (!Place.isAbsent(e)) {
        throw e;
      }
    }
  }

  /** In the order of their keys. */
  List<Upload> uploads() throws IOException {
    List<Upload> uploads = new ArrayList<>();
    for (Path each : entries(place.path(FOLDER))) {
      String id = each.getFileName().toString();
      if (ID.matcher(id).matches()) {
        try {
          String key = Files.readString(each.resolve(KEY));
          uploads.add(new Upload(BlobLimits.requireKey(key), id, begun(each)));
        } catch (NoSuchFileException e) {
          // It was given up just now.
        }
      }
    }
    uploads.sort(Comparator.comparing(Upload::key).thenComparing(Upload::id));
    return uploads;
  }

  private static List<Path> entries(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (FileSystemException e) {
      if (!Place.isAbsent(e)) {
        throw e;
      }
    }
    return entries;
  }

  private void cleanNowAndThen() throws IOException {
    Instant now = clock.instant();
    Instant due = nextCleaning.get();
    if (now.isBefore(due) || !nextCleaning.compareAndSet(due, now.plus(CLEANING_INTERVAL))) {
      return;
    }
    Instant old = now.minus(StagingArea.KEPT);
    for (Path each : entries(place.path(FOLDER))) {
      BasicFileAttributes attributes = place.attributes(each);
      if (attributes == null || attributes.lastModifiedTime().toInstant().isAfter(old)) {
        continue;
      }
      if (attributes.isDirectory()) {
        remove(each);
      } else {
        Files.deleteIfExists(each);
      }
    }
  }
}
