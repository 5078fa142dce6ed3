package dev.tidemark.engine.directory;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code lstat} says.
 *
 * @param mode with the bits of the file's type
 */
record Stat(
    long device,
    long inode,
    int links,
    int mode,
    int uid,
    int gid,
    long size,
    Instant mtime,
    Instant ctime) {

  private static final String ATTRIBUTES =
      "unix:dev,ino,nlink,mode,uid,gid,size,lastModifiedTime,ctime";
  private static final int TYPE = 0170000;

  /** Younger files may change again within the same tick of the file system's clock. */
  private static final Duration YOUNG = Duration.ofSeconds(2);

  static Stat of(Path path) throws IOException {
    Map<String, Object> a = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    return new Stat(
        number(a, "dev"),
        number(a, "ino"),
        (int) number(a, "nlink"),
        (int) number(a, "mode"),
        (int) number(a, "uid"),
        (int) number(a, "gid"),
        number(a, "size"),
        time(a, "lastModifiedTime"),
        time(a, "ctime"));
  }

  private static long number(Map<String, Object> attributes, String name) {
    return ((Number) Objects.requireNonNull(attributes.get(name))).longValue();
  }

  private static Instant time(Map<String, Object> attributes, String name) {
    return ((FileTime) Objects.requireNonNull(attributes.get(name))).toInstant();
  }

  boolean file() {
    return (mode & TYPE) == 0100000;
  }

  boolean directory() {
    return (mode & TYPE) == 0040000;
  }

  boolean link() {
    return (mode & TYPE) == 0120000;
  }

  /** The word for what no backup holds; null for all else. */
  @Nullable String special() {
    return switch (mode & TYPE) {
      case 0010000 -> "fifo";
      case 0140000 -> "socket";
      case 0020000 -> "character device";
      case 0060000 -> "block device";
      case 0100000, 0040000, 0120000 -> null;
      default -> "unknown type";
    };
  }

  FileMeta meta(EntryPath path, FileType type, @Nullable String target) {
    return new FileMeta(
        path,
        type,
        type == FileType.FILE ? size : 0,
        mode & 07777,
        uid,
        gid,
        mtime.getEpochSecond(),
        mtime.getNano(),
        target);
  }

  /** Six numbers in hex. Made for every file of every listing, so without a formatter. */
  String identity() {
    var text = new StringBuilder(64).append(Long.toHexString(inode));
    add(text, size);
    add(text, mtime.getEpochSecond());
    add(text, mtime.getNano());
    add(text, ctime.getEpochSecond());
    add(text, ctime.getNano());
    return text.toString();
  }

  private static void add(StringBuilder text, long number) {
    text.append('.').append(Long.toHexString(number));
  }

  /** Whether no change after {@code listed} can leave this identity as it is. */
  boolean strong(Instant listed) {
    Instant old = listed.minus(YOUNG);
    return !mtime.isAfter(old) && !ctime.isAfter(old);
  }
}
