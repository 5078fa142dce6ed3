package dev.tidemark.core.vault;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the entries of a part beyond their syntax. Writer and reader ask the same rules,
 * so that nothing is written that could not be read.
 */
final class EntryRules {
  static final long MAX_CHUNK_BYTES = 56L << 20;

  static final long MAX_FILE_BYTES = 1L << 44;

  private static final int MAX_MODE = 07777;
  private static final int SHA256_HEX = 64;
  private static final int LEAF_SUM_BYTES = 32;
  private static final int MAX_TARGET_BYTES = 64 << 10;

  private @Nullable FileMeta before;

  /** What is wrong with the next entry; null where nothing is. */
  @Nullable String wrong(Entry entry) {
    FileMeta meta = entry.meta();
    String order = wrongOrder(before, meta);
    before = meta;
    if (order != null) {
      return order;
    }
    if (meta.mode() < 0
        || meta.mode() > MAX_MODE
        || meta.mtimeNanos() < 0
        || meta.mtimeNanos() > 999_999_999) {
      return "a mode or time out of range at " + quote(meta);
    }
    return meta.type() == FileType.FILE ? wrongFile(entry) : wrongOther(entry);
  }

  /** What is wrong with an entry after another one; null where nothing is. */
  static @Nullable String wrongOrder(@Nullable FileMeta before, FileMeta meta) {
    EntryPath path = meta.path();
    if (before != null && before.path().compareTo(path) >= 0) {
      return quote(meta) + " after " + quote(before);
    }
    // In this order whatever is below a path follows it directly.
    if (before != null && before.type() != FileType.DIRECTORY && path.startsWith(before.path())) {
      return quote(meta) + " below what is no directory";
    }
    if (path.isRoot() && meta.type() != FileType.DIRECTORY) {
      return "a root that is no directory";
    }
    return null;
  }

  private @Nullable String wrongFile(Entry entry) {
    FileMeta meta = entry.meta();
    Digest digest = entry.digest();
    if (meta.size() < 0
        || meta.size() > MAX_FILE_BYTES
        || meta.target() != null
        || digest == null) {
      return "a file without size or digest, too large, or with a target: " + quote(meta);
    }
    if (!fits(digest, meta.size())) {
      return "a digest of another kind or length at " + quote(meta);
    }
    String extents = wrongExtents(entry.extents(), meta.size());
    return extents == null ? null : extents + " at " + quote(meta);
  }

  private static @Nullable String wrongOther(Entry entry) {
    FileMeta meta = entry.meta();
    if (meta.size() != 0 || entry.digest() != null || !entry.extents().isEmpty()) {
      return "content at " + quote(meta) + ", which is no file";
    }
    String target = meta.target();
    if (meta.type() == FileType.DIRECTORY) {
      return target == null ? null : "a directory with a target: " + quote(meta);
    }
    if (target == null) {
      return "a link without target: " + quote(meta);
    }
    return meta.type() == FileType.SYMLINK
        ? wrongSymlink(meta, target)
        : wrongHardLink(meta, target);
  }

  private static @Nullable String wrongSymlink(FileMeta meta, String target) {
    try {
      byte[] bytes = EntryPath.unescape(target);
      boolean fits = bytes.length > 0 && bytes.length <= MAX_TARGET_BYTES;
      for (byte b : bytes) {
        fits &= b != 0;
      }
      return fits ? null : "no target for a link at " + quote(meta);
    } catch (IllegalArgumentException e) {
      return "a target that is not escaped at " + quote(meta);
    }
  }

  private static @Nullable String wrongHardLink(FileMeta meta, String target) {
    try {
      return EntryPath.parse(target).compareTo(meta.path()) < 0
          ? null
          : "a hard link to what does not come before it at " + quote(meta);
    } catch (IllegalArgumentException e) {
      return "a hard link to what is no path at " + quote(meta);
    }
  }

  /** What is wrong with the extents of a file of this size; null where nothing is. */
  static @Nullable String wrongExtents(List<Extent> extents, long size) {
    long at = 0;
    for (Extent extent : extents) {
      String wrong = wrongExtent(extent, at, size, extents.size() == 1);
      if (wrong != null) {
        return wrong;
      }
      at += extent.length();
    }
    return at == size ? null : "extents of %d bytes for %d".formatted(at, size);
  }

  /** What is wrong with a file that is read in part; null where nothing is. */
  static @Nullable String wrongSoFar(Unfinished file) {
    String path = Damage.quote(file.path().toString());
    long at = 0;
    for (Extent extent : file.extents()) {
      String wrong = wrongExtent(extent, at, file.size(), false);
      if (wrong != null) {
        return wrong + " of the unfinished " + path;
      }
      at += extent.length();
    }
    long leaves = at / TreeDigest.LEAF_BYTES;
    if (at % TreeDigest.LEAF_BYTES != 0 || leafBytes(file.leaves()) != leaves * LEAF_SUM_BYTES) {
      return "leaves that do not fit %d bytes of the unfinished %s".formatted(at, path);
    }
    return null;
  }

  private static int leafBytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }

  private static @Nullable String wrongExtent(Extent extent, long at, long size, boolean only) {
    long length = extent.length();
    if (length < 1 || length > size - at || at % TreeDigest.LEAF_BYTES != 0) {
      return "an extent of %d bytes at %d".formatted(length, at);
    }
    BlobRef blob = extent.blob();
    Digest digest = extent.digest();
    if (blob == null) {
      return digest == null && extent.offset() == 0 ? null : "a hole with content";
    }
    if (length > MAX_CHUNK_BYTES) {
      return "a chunk of %d bytes".formatted(length);
    }
    if (extent.offset() < 0 || extent.offset() > blob.plain() - length) {
      return "an extent beyond the end of its blob";
    }
    boolean whole = only && length == size;
    boolean digested = digest == null ? whole : !whole && fits(digest, length);
    return digested ? null : "an extent's digest that is missing, not due, or of another kind";
  }

  private static boolean fits(Digest digest, long length) {
    String kind = length <= TreeDigest.LEAF_BYTES ? Digest.SHA256 : Digest.TREE;
    return digest.kind().equals(kind) && isSha256(digest.hex());
  }

  static boolean isSha256(String hex) {
    return hex.length() == SHA256_HEX && isHex(hex);
  }

  static boolean isHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static String quote(FileMeta meta) {
    return Damage.quote(meta.path().toString());
  }
}
