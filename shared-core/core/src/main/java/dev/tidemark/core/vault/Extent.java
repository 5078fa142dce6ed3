package dev.tidemark.core.vault;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a file.
 *
 * @param blob where its bytes are; null for a hole, whose bytes are zero
 * @param offset in the blob's plaintext; 0 for a hole
 * @param length in bytes, at least 1
 * @param digest of the piece; null for a hole, and for a file's only extent, whose digest is the
 *     file's
 */
public record Extent(@Nullable BlobRef blob, long offset, long length, @Nullable Digest digest) {

  public static Extent hole(long length) {
    return new Extent(null, 0, length, null);
  }
}
