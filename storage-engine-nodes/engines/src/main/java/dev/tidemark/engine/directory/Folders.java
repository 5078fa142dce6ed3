package dev.tidemark.engine.directory;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The folders of a staged tree. Nothing is written below a path before each folder on the way was
 * seen to be a folder and not a link.
 */
final class Folders {
  private final Path data;
  private EntryPath seen = EntryPath.ROOT;

  Folders(Path data) {
    this.data = data;
  }

  /** Makes a folder and those above it where they are missing, with plain attributes. */
  Path ensure(EntryPath folder) throws IOException {
    Path path = RawNames.below(data, folder);
    if (seen.startsWith(folder)) {
      return path;
    }
    Deque<EntryPath> unseen = new ArrayDeque<>();
    for (EntryPath up = folder; !seen.startsWith(up); up = up.parent()) {
      unseen.push(up);
    }
    for (EntryPath next : unseen) {
      requireFolder(next);
    }
    seen = folder;
    return path;
  }

  private void requireFolder(EntryPath folder) throws IOException {
    Path path = RawNames.below(data, folder);
    try {
      Stat stat = Stat.of(path);
      if (!stat.directory()) {
        throw PermanentFailure.of(Kind.INVALID, "entry " + folder)
            .expected("a folder, since other entries lie in it")
            .found(stat.link() ? "a symbolic link" : "something else")
            .hint("this backup was not written by Tidemark: restore what you need by --path");
      }
    } catch (NoSuchFileException e) {
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
  }
}
