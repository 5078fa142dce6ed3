package dev.tidemark.core.vault;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes in memory as segments of {@link Framed#FRAME_BYTES}, so that no array is larger. */
final class Segments extends OutputStream {
  private static final int FIRST_BYTES = 4 << 10;

  private final List<ByteBuffer> full = new ArrayList<>();
  private byte[] current = new byte[FIRST_BYTES];
  private int used;

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if (used == current.length) {
        makeRoom();
      }
      int n = Math.min(end - from, current.length - used);
      System.arraycopy(bytes, from, current, used, n);
      used += n;
      from += n;
    }
  }

  void write(ByteBuffer bytes) {
    write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  long bytes() {
    return (long) full.size() * Framed.FRAME_BYTES + used;
  }

  /** The segments so far, each but the last full; none where nothing was written. */
  List<ByteBuffer> buffers() {
    var all = new ArrayList<>(full);
    if (used > 0) {
      all.add(ByteBuffer.wrap(current, 0, used).slice());
    }
    return all;
  }

  private void makeRoom() {
    if (used < Framed.FRAME_BYTES) {
      current = Arrays.copyOf(current, Math.min(Framed.FRAME_BYTES, current.length * 2));
      return;
    }
    full.add(ByteBuffer.wrap(current));
    current = new byte[FIRST_BYTES];
    used = 0;
  }
}
