package dev.tidemark.core.verify;

import dev.tidemark.core.vault.TreeDigest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** The SHA-256s of the 8 MiB leaves of content that is handed in piece by piece. */
final class Leaves {
  private static final int ZEROS_BYTES = 64 << 10;

  private final MessageDigest sha = TreeDigest.sha256();
  private final ByteArrayOutputStream leaves = new ByteArrayOutputStream();
  private int inLeaf;

  void update(ByteBuffer content) {
    ByteBuffer rest = content.duplicate();
    while (rest.hasRemaining()) {
      int n = Math.min(rest.remaining(), TreeDigest.LEAF_BYTES - inLeaf);
      sha.update(rest.slice(rest.position(), n));
      rest.position(rest.position() + n);
      inLeaf += n;
      if (inLeaf == TreeDigest.LEAF_BYTES) {
        endLeaf();
      }
    }
  }

  byte[] finish() {
    if (inLeaf > 0) {
      endLeaf();
    }
    return leaves.toByteArray();
  }

  /**
   * Adds the leaves of zeros to a digest of leaves.
   *
   * @return the last one
   */
  static byte[] addHole(MessageDigest tree, long length) {
    long whole = length / TreeDigest.LEAF_BYTES;
    byte[] leaf = whole == 0 ? new byte[0] : zeros(TreeDigest.LEAF_BYTES);
    for (long i = 0; i < whole; i++) {
      tree.update(leaf);
    }
    int rest = (int) (length % TreeDigest.LEAF_BYTES);
    if (rest > 0) {
      leaf = zeros(rest);
      tree.update(leaf);
    }
    return leaf;
  }

  private static byte[] zeros(int length) {
    MessageDigest sha = TreeDigest.sha256();
    byte[] zeros = new byte[Math.min(length, ZEROS_BYTES)];
    for (int left = length; left > 0; left -= zeros.length) {
      sha.update(zeros, 0, Math.min(left, zeros.length));
    }
    return sha.digest();
  }

  private void endLeaf() {
    leaves.writeBytes(sha.digest());
    inLeaf = 0;
  }
}
