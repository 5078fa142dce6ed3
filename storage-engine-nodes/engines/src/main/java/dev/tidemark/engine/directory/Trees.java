package dev.tidemark.engine.directory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What is done to whole trees. Follows no link. */
final class Trees {
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

  private Trees() {}

  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  static List<Path> children(Path directory) throws IOException {
    var children = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (DirectoryIteratorException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    return children;
  }

  /** Makes a folder that only we can enter; an existing one is left. */
  static void folder(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OURS));
    }
  }

  /** Gives a path another name on the same file system. What has that name is replaced. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes a tree, also where its folders are not writable; one that is not there is removed. */
  static void delete(Path top) throws IOException {
    Deque<Path> doomed = new ArrayDeque<>();
    doomed.push(top);
    while (!doomed.isEmpty()) {
      Path path = doomed.peek();
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(path);
        doomed.pop();
        continue;
      }
      List<Path> children = writableChildren(path);
      if (children.isEmpty()) {
        Files.deleteIfExists(path);
        doomed.pop();
      }
      for (Path child : children) {
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          doomed.push(child);
        } else {
          Files.deleteIfExists(child);
        }
      }
    }
  }

  private static List<Path> writableChildren(Path directory) throws IOException {
    try {
      if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
        Files.setPosixFilePermissions(directory, OURS);
      }
      return children(directory);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (AccessDeniedException e) {
      Files.setPosixFilePermissions(directory, OURS);
      return children(directory);
    }
  }
}
