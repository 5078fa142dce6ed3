package dev.tidemark.core.tree;

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
}
