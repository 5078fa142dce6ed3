package dev.tidemark.core.vault;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The digest of a file or chunk from the SHA-256s of its 8 MiB leaves. Unlike a running digest its
 * state is plain bytes, which can be saved between slices, and the leaves can be hashed in any
 * order or at once.
 */
public final class TreeDigest {
  public static final int LEAF_BYTES = 8 << 20;

  private TreeDigest() {}

  /**
   * The digest of content with these leaves.
   *
   * @param leaves the leaves' SHA-256s, concatenated; those of empty content are empty
   * @param length of the content in bytes
   */
  public static Digest of(byte[] leaves, long length) {
    long expected = (length + LEAF_BYTES - 1) / LEAF_BYTES;
    if (leaves.length != expected * 32) {
      throw new IllegalArgumentException(
          "%d bytes have %d leaves, not %d".formatted(length, expected, leaves.length / 32));
    }
    if (length == 0) {
      return new Digest(Digest.SHA256, sha256Hex(new byte[0]));
    }
    return expected == 1
        ? new Digest(Digest.SHA256, HexFormat.of().formatHex(leaves))
        : new Digest(Digest.TREE, sha256Hex(leaves));
  }

  /** The leaves of content that comes in order, from position to limit of each buffer. */
  public static byte[] leaves(Iterable<ByteBuffer> content) {
    var leaves = new ByteArrayOutputStream();
    MessageDigest sha = sha256();
    int inLeaf = 0;
    for (ByteBuffer buffer : content) {
      ByteBuffer rest = buffer.duplicate();
      while (rest.hasRemaining()) {
        int n = Math.min(rest.remaining(), LEAF_BYTES - inLeaf);
        sha.update(rest.slice(rest.position(), n));
        rest.position(rest.position() + n);
        inLeaf += n;
        if (inLeaf == LEAF_BYTES) {
          leaves.writeBytes(sha.digest());
          inLeaf = 0;
        }
      }
    }
    if (inLeaf > 0) {
      leaves.writeBytes(sha.digest());
    }
    return leaves.toByteArray();
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public static String sha256Hex(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }
}
