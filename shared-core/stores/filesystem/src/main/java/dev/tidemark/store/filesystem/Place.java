package dev.tidemark.store.filesystem;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The root folder: its paths, what makes them last, and what to say when it fails. */
final class Place {
  /** Folders remembered at most, of about 150 bytes each. */
  private static final int MAX_REMEMBERED = 20_000;

  private final Path root;
  private final boolean mayEmpty;

  /** Folders whose names are known to be on the disk, up to the root. */
  private final Set<String> lasting = ConcurrentHashMap.newKeySet();

  private volatile boolean inhabited;

  /** A folder that does not lose what it has. */
  Place(Path root) {
    this(root, false);
  }

  private Place(Path root, boolean mayEmpty) {
    this.root = root;
    this.mayEmpty = mayEmpty;
  }

  /** A folder whose content comes and goes, so that an empty one is believed. */
  static Place ofScratch(Path root) {
    return new Place(root, true);
  }

  Path path(String key) {
    return root.resolve(key);
  }

  /** The folder of a key, without its slash; empty for the root. */
  static String folderOf(String key) {
    return key.substring(0, Math.max(0, key.lastIndexOf('/')));
  }

  /** Null where there is nothing, also where a part of the path is no folder. */
  @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (FileSystemException e) {
      if (isAbsent(e)) {
        return null;
      }
      throw e;
    }
  }

  /** Remembers that something was seen here, so that an empty folder is no longer believed. */
  void inhabited() {
    inhabited = true;
  }

  /** Makes sure that the root is there, before anybody believes that something in it is not. */
  void require() throws IOException {
    BasicFileAttributes attributes = attributes(root);
    if (attributes == null || !attributes.isDirectory()) {
      throw gone("there is no such folder");
    }
    if (inhabited && !mayEmpty && isEmpty()) {
      throw gone("the folder is suddenly empty");
    }
  }

  private boolean isEmpty() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      return !entries.iterator().hasNext();
    }
  }

  private TransientFailure gone(String found) {
    return new TransientFailure(
        this + ": " + found + ". Hint: mount the disk again, or correct its path");
  }

  /** Makes the folder of a key, and the folders above, but never the root. */
  void makeFolderOf(String key) throws IOException {
    require();
    for (int slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
      String folder = key.substring(0, slash);
      try {
        Files.createDirectory(path(folder));
        lasting.remove(folder);
      } catch (FileAlreadyExistsException e) {
        // One that was removed since then is for the caller's next try.
        BasicFileAttributes there = attributes(path(folder));
        if (there != null && !there.isDirectory()) {
          throw PermanentFailure.of(Kind.INVALID, "object " + key)
              .expected("no object whose key is the folder of another's")
              .found("object " + folder + " in " + this)
              .cause(e);
        }
      }
    }
  }

  /**
   * Makes the name of a file survive a loss of power, with those of the folders above it. The
   * latter may have been made by another process that has not come to sync them, so each client
   * syncs them once.
   */
  void syncFolderOf(String key) throws IOException {
    String folder = folderOf(key);
    sync(folder);
    inhabited();
    while (!folder.isEmpty() && !lasting.contains(folder)) {
      sync(folderOf(folder));
      if (lasting.size() >= MAX_REMEMBERED) {
        lasting.clear();
      }
      lasting.add(folder);
      folder = folderOf(folder);
    }
  }

  void sync(String folder) throws IOException {
    try (FileChannel channel = FileChannel.open(path(folder), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** What a person needs to know when the file system refused something. */
  RuntimeException failure(String action, IOException e) {
    return new TransientFailure(
        "cannot " + action + " in " + this + ": " + reason(e) + ". Hint: " + hint(e), e);
  }

  /** What to say where a draft could not be linked to its key. */
  RuntimeException linkFailure(String key, Exception e) throws IOException {
    String reason = e instanceof IOException io ? reason(io) : "no hard links";
    String text = reason.toLowerCase(Locale.ROOT);
    if (e instanceof UnsupportedOperationException
        || text.contains("operation not supported")
        || text.contains("operation not permitted")
        || text.contains("function not implemented")) {
      return PermanentFailure.of(Kind.INVALID, toString())
          .expected("a file system with hard links, like ext4, XFS, ZFS, APFS or NFS")
          .found(reason + " when linking object " + key)
          .hint("keep the vault on another file system")
          .cause(e);
    }
    if (e instanceof IOException io) {
      throw io;
    }
    throw new IllegalStateException(e);
  }

  static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder: " + e.getMessage();
    }
    if (e instanceof NotDirectoryException) {
      return "not a directory: " + e.getMessage();
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied: " + e.getMessage();
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason() + ": " + system.getFile();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static String hint(IOException e) {
    String reason = reason(e).toLowerCase(Locale.ROOT);
    if (reason.contains("no space left") || reason.contains("quota")) {
      return "free space on the disk or enlarge it; the work then goes on by itself";
    }
    if (reason.contains("file too large")) {
      return "raise the limit on the size of files (ulimit -f), or use another file system";
    }
    if (reason.contains("read-only")) {
      return "mount the file system writable";
    }
    if (reason.contains("permission denied")) {
      return "let the user that runs Tidemark read and write the folder";
    }
    if (reason.contains("too many open files")) {
      return "raise the limit on open files (ulimit -n)";
    }
    return "look at the disk and its mount; the work goes on by itself once it is back";
  }

  /** Whether a path, or a folder on the way to it, is not there. */
  static boolean isAbsent(FileSystemException e) {
    String reason = e.getReason();
    return e instanceof NoSuchFileException
        || e instanceof NotDirectoryException
        || (reason != null && reason.toLowerCase(Locale.ROOT).contains("not a directory"));
  }

  @Override
  public String toString() {
    return "folder " + root;
  }
}
