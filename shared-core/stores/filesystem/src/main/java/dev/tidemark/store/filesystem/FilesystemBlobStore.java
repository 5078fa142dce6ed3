package dev.tidemark.store.filesystem;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.blob.Deletion;
import dev.tidemark.core.blob.Deletion.Outcome;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.time.Ids;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a folder; the package describes how. The folder must exist: it is never
 * made, so that a disk which is not mounted is noticed and not filled from below.
 *
 * <p>The checksum is CRC32C; it is told by {@link #create} and {@link #copy} only, because nothing
 * on a file system keeps it. Needs a file system with hard links.
 */
public final class FilesystemBlobStore implements BlobStore {
  /** How much is read at once: the JDK copies through a direct buffer of that size. */
  private static final int READ_BYTES = 1 << 20;

  private final Place place;
  private final Drafts drafts;

  /**
   * @param root an existing folder; where there is none, every call fails
   * @param clock tells the age of leftovers
   * @param ids names temporary files
   */
  public FilesystemBlobStore(Path root, InstantSource clock, Ids ids) {
    this.place = new Place(root.toAbsolutePath());
    this.drafts = new Drafts(place, clock, ids);
  }

  @Override
  public Creation create(String key, List<ByteBuffer> bytes) {
    BlobLimits.requireKey(key);
    BlobLimits.requireSize(key, bytes);
    String action = "store object " + key;
    try {
      Optional<Creation> before = existing(key);
      if (before.isPresent()) {
        return before.get();
      }
      try (Drafts.Draft draft = drafts.begin()) {
        draft.write(bytes);
        return publish(draft, key);
      }
    } catch (IOException e) {
      throw place.failure(action, e);
    }
  }

  @Override
  public Creation copy(String from, String to) {
    BlobLimits.requireKey(from);
    BlobLimits.requireKey(to);
    try {
      if (attributes(from) == null) {
        place.require();
        throw PermanentFailure.of(Kind.NOT_FOUND, "object " + from)
            .expected("an object to copy to " + to)
            .found("none in " + description());
      }
      Optional<Creation> before = existing(to);
      if (before.isPresent()) {
        return before.get();
      }
      try (Drafts.Draft draft = drafts.begin();
          FileChannel source = FileChannel.open(place.path(from), StandardOpenOption.READ)) {
        // Not a link, which would share the disk's blocks: damage to one would be damage to both.
        draft.write(source);
        return publish(draft, to);
      }
    } catch (IOException e) {
      throw place.failure("copy object " + from + " to " + to, e);
    }
  }

  /** Gives a synced draft its name. */
  private Creation publish(Drafts.Draft draft, String key) throws IOException {
    Path path = place.path(key);
    draft.sync();
    try {
      try {
        draft.link(path);
      } catch (FileSystemException e) {
        if (!Place.isAbsent(e)) {
          throw e;
        }
        place.makeFolderOf(key);
        draft.link(path);
      }
    } catch (FileAlreadyExistsException e) {
      return existing(key).orElseThrow(() -> e);
    } catch (FileSystemException | UnsupportedOperationException e) {
      throw place.linkFailure(key, e);
    }
    place.syncFolderOf(key);
    return new Creation(false, draft.size(), draft.checksum());
  }

  /** The object that stands at a key, once it is sure to stay there. */
  private Optional<Creation> existing(String key) throws IOException {
    BasicFileAttributes attributes = attributes(key);
    if (attributes == null) {
      if (Files.isDirectory(place.path(key))) {
        throw PermanentFailure.of(Kind.INVALID, "object " + key)
            .expected("no object whose key is the folder of another's")
            .found("a folder of that name in " + description());
      }
      return Optional.empty();
    }
    // Its creator may still be about to sync the folder, or have died before it could.
    place.syncFolderOf(key);
    return Optional.of(new Creation(true, attributes.size(), Checksum.NONE));
  }

  @Override
  public Optional<ByteBuffer> read(String key, long offset, int length) {
    BlobLimits.requireKey(key);
    BlobLimits.requireRange(key, offset, length);
    try {
      BasicFileAttributes attributes = attributes(key);
      if (attributes == null) {
        place.require();
        return Optional.empty();
      }
      long rest = Math.max(0, attributes.size() - offset);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, rest));
      if (bytes.hasRemaining()) {
        try (FileChannel file = FileChannel.open(place.path(key), StandardOpenOption.READ)) {
          fill(bytes, file, offset);
        }
      }
      return Optional.of(bytes.flip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw place.failure("read object " + key, e);
    }
  }

  static void fill(ByteBuffer bytes, FileChannel file, long offset) throws IOException {
    int end = bytes.limit();
    int read;
    do {
      bytes.limit(Math.min(end, bytes.position() + READ_BYTES));
      read = file.read(bytes, offset + bytes.position());
    } while (read >= 0 && bytes.position() < end);
  }

  @Override
  public Optional<BlobInfo> head(String key) {
    BlobLimits.requireKey(key);
    try {
      BasicFileAttributes attributes = attributes(key);
      if (attributes == null) {
        place.require();
        return Optional.empty();
      }
      return Optional.of(info(key, attributes));
    } catch (IOException e) {
      throw place.failure("look at object " + key, e);
    }
  }

  @Override
  public List<BlobInfo> list(String prefix, @Nullable String after, int limit) {
    BlobLimits.requirePage(prefix, limit);
    try {
      List<BlobInfo> page = new FolderWalk(place, prefix, after, limit).page();
      if (page.isEmpty()) {
        place.require();
      }
      return page;
    } catch (IOException e) {
      throw place.failure("list the objects under '" + prefix + "'", e);
    }
  }

  @Override
  public List<Deletion> delete(List<String> keys) {
    BlobLimits.requireDeletable(keys);
    List<Deletion> outcomes = new ArrayList<>(keys.size());
    Set<String> changed = new LinkedHashSet<>();
    try {
      place.require();
      for (String key : keys) {
        Deletion deletion = delete(key);
        outcomes.add(deletion);
        if (deletion.outcome() == Outcome.DELETED) {
          changed.add(Place.folderOf(key));
        }
      }
      for (String folder : changed) {
        place.sync(folder);
      }
      return outcomes;
    } catch (IOException e) {
      throw place.failure("delete objects", e);
    }
  }

  private Deletion delete(String key) {
    try {
      if (attributes(key) == null || !Files.deleteIfExists(place.path(key))) {
        return new Deletion(key, Outcome.ABSENT, null, "");
      }
      return new Deletion(key, Outcome.DELETED, null, "");
    } catch (IOException e) {
      return new Deletion(key, Outcome.FAILED, null, Place.reason(e));
    }
  }

  @Override
  public String description() {
    return place.toString();
  }

  /** Of the file at a key; null where there is none. */
  private @Nullable BasicFileAttributes attributes(String key) throws IOException {
    BasicFileAttributes attributes = place.attributes(place.path(key));
    if (attributes == null || !attributes.isRegularFile()) {
      return null;
    }
    place.inhabited();
    return attributes;
  }

  static BlobInfo info(String key, BasicFileAttributes attributes) {
    return new BlobInfo(
        key, attributes.size(), Checksum.NONE, "", attributes.lastModifiedTime().toInstant());
  }
}
