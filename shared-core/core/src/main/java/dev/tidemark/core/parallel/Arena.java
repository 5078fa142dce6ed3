package dev.tidemark.core.parallel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The memory of one piece, as segments of 1 MiB. It grows as it is used and is used again by later
 * pieces, because arrays of this size are dear to make and to collect. For one thread at a time.
 */
public final class Arena implements AutoCloseable {
  public static final int SEGMENT_BYTES = 1 << 20;

  /** G1 gives an array of 1 MiB two regions of 1 MiB, and one of 8 MiB nine. */
  private static final int BLOCK_SEGMENTS = 8;

  private final ArrayBlockingQueue<Arena> idle;
  private final List<byte[]> blocks = new ArrayList<>();

  private Arena(ArrayBlockingQueue<Arena> idle) {
    this.idle = idle;
  }

  /** Where arenas wait for their next piece; for several threads. */
  public static final class Pool {
    private final ArrayBlockingQueue<Arena> idle;

    /**
     * @param kept how many arenas are kept while nobody uses them
     */
    public Pool(int kept) {
      this.idle = new ArrayBlockingQueue<>(kept);
    }

    /** An arena with any content, to be closed. */
    public Arena borrow() {
      Arena arena = idle.poll();
      return arena == null ? new Arena(idle) : arena;
    }
  }

  /** The memory from an offset to the end of its segment, or for {@code length} if that is less. */
  public ByteBuffer window(long offset, long length) {
    int segment = Math.toIntExact(offset / SEGMENT_BYTES);
    int inSegment = (int) (offset % SEGMENT_BYTES);
    int n = (int) Math.min(length, SEGMENT_BYTES - inSegment);
    int start = segment % BLOCK_SEGMENTS * SEGMENT_BYTES;
    return ByteBuffer.wrap(block(segment / BLOCK_SEGMENTS), start + inSegment, n).slice();
  }

  /** The memory from the start, in segments of which all but the last are whole. */
  public List<ByteBuffer> segments(long length) {
    return segments(0, length);
  }

  /** The memory from an offset on, cut at the ends of the segments. */
  public List<ByteBuffer> segments(long offset, long length) {
    var all = new ArrayList<ByteBuffer>();
    long done = 0;
    while (done < length) {
      ByteBuffer next = window(offset + done, length - done);
      done += next.remaining();
      all.add(next);
    }
    return all;
  }

  /** Gives the arena back. */
  @Override
  public void close() {
    if (!idle.offer(this)) {
      blocks.clear();
    }
  }

  private byte[] block(int n) {
    while (blocks.size() <= n) {
      blocks.add(new byte[BLOCK_SEGMENTS * SEGMENT_BYTES]);
    }
    return blocks.get(n);
  }
}
