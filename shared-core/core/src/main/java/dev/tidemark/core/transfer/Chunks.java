package dev.tidemark.core.transfer;

import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.Extent;
import dev.tidemark.core.vault.TreeDigest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The chunks of a large file, put together in order. */
final class Chunks {
  private final List<Extent> extents = new ArrayList<>();
  private final ByteArrayOutputStream leaves = new ByteArrayOutputStream();
  private long length;
  private boolean ended;

  Chunks() {}

  /** Goes on after what an earlier slice read. */
  Chunks(List<Extent> extents, byte[] leaves) {
    this.extents.addAll(extents);
    this.leaves.writeBytes(leaves);
    this.length = extents.stream().mapToLong(Extent::length).sum();
  }

  /**
   * Adds the next chunk; one after the file's end is left out.
   *
   * @param wanted how long it should be
   */
  void add(long wanted, Pieces.Read chunk) {
    if (ended) {
      return;
    }
    ended = chunk.reading().length() < wanted;
    leaves.writeBytes(chunk.reading().leaves());
    length += chunk.reading().length();
    Extent extent = chunk.extent();
    if (extent != null) {
      add(extent);
    }
  }

  private void add(Extent extent) {
    int last = extents.size() - 1;
    if (extent.blob() == null && last >= 0 && extents.get(last).blob() == null) {
      extents.set(last, Extent.hole(extents.get(last).length() + extent.length()));
    } else {
      extents.add(extent);
    }
  }

  /** Whether a chunk was shorter than wanted. */
  boolean isShort() {
    return ended;
  }

  long length() {
    return length;
  }

  byte[] leaves() {
    return leaves.toByteArray();
  }

  Digest digest() {
    return TreeDigest.of(leaves.toByteArray(), length);
  }

  List<Extent> extents() {
    return Collections.unmodifiableList(extents);
  }
}
