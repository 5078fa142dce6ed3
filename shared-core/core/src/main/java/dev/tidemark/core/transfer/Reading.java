package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader.Content;
import dev.tidemark.core.parallel.Arena;
import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.TreeDigest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** Content that was read into an arena. */
final class Reading {
  private static final byte[] ZEROS = new byte[Arena.SEGMENT_BYTES];

  private final long length;
  private final byte[] leaves;
  private final boolean zero;

  private Reading(long length, byte[] leaves, boolean zero) {
    this.length = length;
    this.leaves = leaves;
    this.zero = zero;
  }

  /** How much there was. */
  long length() {
    return length;
  }

  /** The SHA-256s of its 8 MiB leaves, concatenated. */
  byte[] leaves() {
    return leaves.clone();
  }

  /** Whether all of it is zero. */
  boolean zero() {
    return zero;
  }

  Digest digest() {
    return TreeDigest.of(leaves, length);
  }

  /**
   * Reads part of a file.
   *
   * @param offset in the file, a multiple of 8 MiB
   * @param length how much to read; less is read where the file ends before
   * @param at where in the arena
   */
  static Reading read(Content content, long offset, long length, Arena arena, long at) {
    var leaves = new ByteArrayOutputStream();
    MessageDigest sha = TreeDigest.sha256();
    boolean zero = true;
    long done = 0;
    long inLeaf = 0;
    while (done < length) {
      ByteBuffer window =
          arena.window(at + done, Math.min(length - done, TreeDigest.LEAF_BYTES - inLeaf));
      int wanted = window.remaining();
      int n = content.read(offset + done, window);
      sha.update(window.array(), window.arrayOffset(), n);
      zero = zero && isZero(window.array(), window.arrayOffset(), n);
      done += n;
      inLeaf += n;
      if (inLeaf == TreeDigest.LEAF_BYTES) {
        leaves.writeBytes(sha.digest());
        inLeaf = 0;
      }
      if (n < wanted) {
        break;
      }
    }
    if (inLeaf > 0) {
      leaves.writeBytes(sha.digest());
    }
    return new Reading(done, leaves.toByteArray(), zero);
  }

  private static boolean isZero(byte[] bytes, int from, int length) {
    return Arrays.equals(bytes, from, from + length, ZEROS, 0, length);
  }
}
