package dev.tidemark.store.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes many buffers by few calls. The JDK copies each heap buffer of a call to direct memory
 * first, all of them at once, and keeps that memory for the thread; so a call takes few of them.
 */
final class Gathering {
  /** The most buffers that Linux takes in one call. */
  private static final int MAX_BUFFERS = 1_024;

  private static final int MAX_HEAP_BYTES = 256 << 10;

  private Gathering() {}

  /**
   * @param bytes positions unchanged
   * @return how many bytes were written
   */
  static long write(FileChannel file, List<ByteBuffer> bytes) throws IOException {
    long written = 0;
    List<ByteBuffer> batch = new ArrayList<>();
    int heapBytes = 0;
    for (ByteBuffer each : bytes) {
      ByteBuffer rest = each.duplicate();
      while (rest.hasRemaining()) {
        if (batch.size() == MAX_BUFFERS || heapBytes == MAX_HEAP_BYTES) {
          written += drain(file, batch);
          heapBytes = 0;
        }
        int take =
            rest.isDirect()
                ? rest.remaining()
                : Math.min(rest.remaining(), MAX_HEAP_BYTES - heapBytes);
        heapBytes += rest.isDirect() ? 0 : take;
        batch.add(rest.slice(rest.position(), take));
        rest.position(rest.position() + take);
      }
    }
    return written + drain(file, batch);
  }

  private static long drain(FileChannel file, List<ByteBuffer> batch) throws IOException {
    ByteBuffer[] buffers = batch.toArray(ByteBuffer[]::new);
    batch.clear();
    long written = 0;
    int first = 0;
    while (first < buffers.length) {
      written += file.write(buffers, first, buffers.length - first);
      while (first < buffers.length && !buffers[first].hasRemaining()) {
        first++;
      }
    }
    return written;
  }
}
