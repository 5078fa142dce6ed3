package dev.tidemark.store.filesystem;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.staging.Expiry;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.core.staging.StagedPart;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.StagingLimits;
import dev.tidemark.core.staging.Upload;
import dev.tidemark.core.time.Ids;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scratch objects as files below a folder that exists, which other programs use too: a database
 * server writes its native backups there. What is in the making lies in {@code .tidemark}, and gets
 * its name by a rename; folders that become empty are removed.
 *
 * <p>Nothing expires but what was left in the making; who puts objects sweeps them.
 */
public final class FilesystemStagingArea implements StagingArea {
  /** A folder that is removed just when it is needed is made again this often. */
  private static final int TRIES = 50;

  private final Place place;
  private final Makings makings;

  /**
   * @param root an existing folder; where there is none, every call fails
   * @param clock tells the age of leftovers
   * @param ids names what is in the making
   */
  public FilesystemStagingArea(Path root, InstantSource clock, Ids ids) {
    this.place = Place.ofScratch(root.toAbsolutePath());
    this.makings = new Makings(place, clock, ids);
  }

  @Override
  public void put(String key, List<ByteBuffer> bytes) {
    BlobLimits.requireKey(key);
    StagingLimits.requireSize(key, bytes);
    try {
      Path made = makings.draft();
      try {
        Makings.write(made, bytes);
        name(made, key);
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      throw place.failure("store object " + key, e);
    }
  }

  /** Gives a file its name; what had it is gone. */
  private void name(Path made, String key) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        Files.move(
            made,
            place.path(key),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
        return;
      } catch (FileSystemException e) {
        if (Files.isDirectory(place.path(key))) {
          throw PermanentFailure.of(Kind.INVALID, "object " + key)
              .expected("no object whose key is the folder of another's")
              .found("a folder of that name in " + description())
              .cause(e);
        }
        if (!Place.isAbsent(e) || tries == TRIES) {
          throw e;
        }
        makeFolderOf(key);
      }
    }
  }

  private void makeFolderOf(String key) throws IOException {
    try {
      place.makeFolderOf(key);
    } catch (NoSuchFileException e) {
      // One that it makes another in was just removed.
      place.require();
    }
  }

  @Override
  public Optional<ByteBuffer> read(String key, long offset, int length) {
    BlobLimits.requireKey(key);
    BlobLimits.requireRange(key, offset, length);
    try {
      BasicFileAttributes attributes = attributes(key);
      if (attributes == null) {
        return Optional.empty();
      }
      long rest = Math.max(0, attributes.size() - offset);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, rest));
      if (bytes.hasRemaining()) {
        try (FileChannel file = FileChannel.open(place.path(key), StandardOpenOption.READ)) {
          FilesystemBlobStore.fill(bytes, file, offset);
        }
      }
      return Optional.of(bytes.flip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw place.failure("read object " + key, e);
    }
  }

  @Override
  public Optional<StagedObject> head(String key) {
    BlobLimits.requireKey(key);
    try {
      BasicFileAttributes attributes = attributes(key);
      return attributes == null
          ? Optional.empty()
          : Optional.of(staged(FilesystemBlobStore.info(key, attributes)));
    } catch (IOException e) {
      throw place.failure("look at object " + key, e);
    }
  }

  /** Of the file at a key; null where there is none. */
  private @Nullable BasicFileAttributes attributes(String key) throws IOException {
    BasicFileAttributes attributes = place.attributes(place.path(key));
    if (attributes == null || !attributes.isRegularFile()) {
      place.require();
      return null;
    }
    return attributes;
  }

  private static StagedObject staged(BlobInfo info) {
    Instant written = info.created();
    return new StagedObject(info.key(), info.size(), written + "/" + info.size(), written);
  }

  @Override
  public List<StagedObject> list(String prefix, @Nullable String after, int limit) {
    BlobLimits.requirePage(prefix, limit);
    try {
      List<BlobInfo> page = new FolderWalk(place, prefix, after, limit).page();
      if (page.isEmpty()) {
        place.require();
      }
      return page.stream().map(FilesystemStagingArea::staged).toList();
    } catch (IOException e) {
      throw place.failure("list the objects under '" + prefix + "'", e);
    }
  }

  @Override
  public void delete(List<String> keys) {
    StagingLimits.requireDeletable(keys);
    keys.forEach(BlobLimits::requireKey);
    try {
      place.require();
      for (String key : keys) {
        delete(key);
      }
    } catch (IOException e) {
      throw place.failure("delete objects", e);
    }
  }

  private void delete(String key) throws IOException {
    if (attributes(key) != null) {
      Files.deleteIfExists(place.path(key));
    }
    String folder = Place.folderOf(key);
    while (!folder.isEmpty() && removedIfEmpty(place.path(folder))) {
      folder = Place.folderOf(folder);
    }
  }

  private static boolean removedIfEmpty(Path folder) throws IOException {
    try {
      Files.delete(folder);
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    } catch (FileSystemException e) {
      if (Place.isAbsent(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Upload begin(String key) {
    BlobLimits.requireKey(key);
    try {
      return makings.begin(key);
    } catch (IOException e) {
      throw place.failure("begin an upload of " + key, e);
    }
  }

  @Override
  public StagedPart part(Upload upload, int number, List<ByteBuffer> bytes) {
    StagingLimits.requireNumber(upload, number);
    StagingLimits.requireSize(upload.key(), bytes);
    try {
      return makings.part(upload, number, bytes);
    } catch (IOException e) {
      throw place.failure("store part %d of %s".formatted(number, upload.key()), e);
    }
  }

  @Override
  public List<StagedPart> parts(Upload upload) {
    try {
      return makings.parts(upload);
    } catch (IOException e) {
      throw place.failure("list the parts of " + upload.key(), e);
    }
  }

  @Override
  public void complete(Upload upload, List<StagedPart> parts) {
    StagingLimits.requireWhole(upload, parts);
    try {
      Path whole = makings.join(upload, parts);
      name(whole, upload.key());
      makings.abort(upload);
    } catch (IOException e) {
      throw place.failure("complete the upload of " + upload.key(), e);
    }
  }

  @Override
  public void abort(Upload upload) {
    try {
      place.require();
      makings.abort(upload);
    } catch (IOException e) {
      throw place.failure("give up the upload of " + upload.key(), e);
    }
  }

  @Override
  public List<Upload> uploads(String prefix, Instant before) {
    try {
      place.require();
      return makings.uploads().stream()
          .filter(each -> each.key().startsWith(prefix) && each.begun().isBefore(before))
          .toList();
    } catch (IOException e) {
      throw place.failure("list the uploads under '" + prefix + "'", e);
    }
  }

  /** A folder has no addresses. */
  @Override
  public Optional<URI> readUrl(String key, Duration life) {
    BlobLimits.requireKey(key);
    StagingLimits.requireLife(key, life);
    return Optional.empty();
  }

  @Override
  public Expiry expiry(String prefix) {
    try {
      place.require();
      return new Expiry(null, KEPT, "");
    } catch (IOException e) {
      throw place.failure("look", e);
    }
  }

  @Override
  public String description() {
    return place.toString();
  }
}
