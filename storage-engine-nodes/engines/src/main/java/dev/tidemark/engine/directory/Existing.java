package dev.tidemark.engine.directory;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/** What stands at a destination, in words; nothing where it is free. */
final class Existing {
  private static final int COUNTED = 1_000;

  private Existing() {}

  static String all(Path target) throws IOException {
    return words(target, TreeListing.Depth.ALL);
  }

  /** Only what is no folder. */
  static String loose(Path target) throws IOException {
    return words(target, TreeListing.Depth.LOOSE);
  }

  private static String words(Path target, TreeListing.Depth depth) throws IOException {
    try {
      Stat stat = Stat.of(target);
      if (stat.link()) {
        return "a symbolic link";
      }
      if (!stat.directory()) {
        return "a file";
      }
      int count = count(target, depth);
      if (count == 0) {
        return "";
      }
      String entries = depth == TreeListing.Depth.LOOSE ? "loose files" : "entries";
      return "a folder with %s %s"
          .formatted(count > COUNTED ? "more than " + COUNTED : count, entries);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static int count(Path directory, TreeListing.Depth depth) throws IOException {
    int count = 0;
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        if (depth == TreeListing.Depth.ALL || !Stat.of(child).directory()) {
          count++;
        }
        if (count > COUNTED) {
          return count;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    return count;
  }

  /** Makes the folders above a destination that are missing. None may be a link. */
  static void makeParents(Path target) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path up = target.getParent(); up != null; up = up.getParent()) {
      try {
        if (!Stat.of(up).directory()) {
          throw PermanentFailure.of(Kind.CONFLICT, "restore to " + target)
              .expected("a folder at " + up)
              .found("something else")
              .hint("restore to another place");
        }
        break;
      } catch (NoSuchFileException | NotDirectoryException e) {
        missing.push(up);
      }
    }
    for (Path folder : missing) {
      if (!Trees.exists(folder)) {
        Files.createDirectory(folder);
      }
    }
  }
}
