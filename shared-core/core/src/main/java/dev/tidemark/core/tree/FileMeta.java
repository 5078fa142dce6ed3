package dev.tidemark.core.tree;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a file is, apart from its content.
 *
 * @param size in bytes; 0 for all but regular files
 * @param mode permission bits with set-uid, set-gid and sticky ({@code 07777} at most)
 * @param mtimeSeconds since the epoch, may be negative
 * @param mtimeNanos 0 to 999 999 999
 * @param target of a symbolic link: its bytes, escaped as {@link EntryPath#escape} does; of a hard
 *     link: the path, in the same unit, of the entry that it is one file with and that comes before
 *     it; else null
 */
public record FileMeta(
    EntryPath path,
    FileType type,
    long size,
    int mode,
    int uid,
    int gid,
    long mtimeSeconds,
    int mtimeNanos,
    @Nullable String target) {

  /** A regular file with the given size and otherwise plain attributes. */
  public static FileMeta file(EntryPath path, long size) {
    return new FileMeta(path, FileType.FILE, size, 0644, 0, 0, 0, 0, null);
  }

  /** The same with other permission bits. */
  public FileMeta withMode(int newMode) {
    return new FileMeta(path, type, size, newMode, uid, gid, mtimeSeconds, mtimeNanos, target);
  }

  /** The same attributes at another size. */
  public FileMeta withSize(long newSize) {
    return new FileMeta(path, type, newSize, mode, uid, gid, mtimeSeconds, mtimeNanos, target);
  }

  /** The same entry in a folder, with what it is a hard link to. */
  public FileMeta in(EntryPath folder) {
    return at(path.in(folder), other -> other.in(folder));
  }

  /**
   * The same entry as seen from a folder in which it lies, with what it is a hard link to.
   *
   * @throws IllegalArgumentException where it does not, or the other does not
   */
  public FileMeta from(EntryPath folder) {
    return at(path.from(folder), other -> other.from(folder));
  }

  private FileMeta at(EntryPath newPath, UnaryOperator<EntryPath> moved) {
    String other = target;
    if (type == FileType.HARDLINK && other != null) {
      other = moved.apply(EntryPath.parse(other)).toString();
    }
    return new FileMeta(newPath, type, size, mode, uid, gid, mtimeSeconds, mtimeNanos, other);
  }
}
