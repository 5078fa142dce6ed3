package dev.tidemark.engine.weaviate;

import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.StagingArea;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Small ranges of objects, which come with what lies beside them: the small files of a shard are in
 * one chunk, and asking for each would take a request a file. A chunk of small files is about 10
 * MiB, and not in the order of their paths; so as much is kept.
 */
final class Windows {
  static final int BYTES = 512 << 10;

  private static final int KEPT = 20;

  private final StagingArea area;
  private final Map<Window, ByteBuffer> windows =
      new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Window, ByteBuffer> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * @param number of the window in the object: it begins at so many times {@link #BYTES}
   */
  private record Window(String key, long number) {}

  Windows(StagingArea area) {
    this.area = area;
  }

  /**
   * A range of an object.
   *
   * @throws SnapshotGone where there is no such object
   * @throws TransientFailure where it is shorter
   */
  synchronized ByteBuffer range(String key, long offset, int length) {
    var result = ByteBuffer.allocate(length);
    while (result.hasRemaining()) {
      long at = offset + result.position();
      ByteBuffer window = window(new Window(key, at / BYTES));
      int from = (int) (at % BYTES);
      int n = Math.min(result.remaining(), window.limit() - from);
      if (n <= 0) {
        throw shorter(key, length, offset, result.position());
      }
      result.put(window.duplicate().position(from).limit(from + n));
    }
    return result.flip();
  }

  private ByteBuffer window(Window window) {
    return windows.computeIfAbsent(
        window, asked -> found(area, asked.key(), asked.number() * BYTES, BYTES));
  }

  /** A range of an object, and nothing beside it. */
  static ByteBuffer required(StagingArea area, String key, long offset, int length) {
    ByteBuffer bytes = found(area, key, offset, length);
    if (bytes.remaining() != length) {
      throw shorter(key, length, offset, bytes.remaining());
    }
    return bytes;
  }

  private static ByteBuffer found(StagingArea area, String key, long offset, int length) {
    return area.read(key, offset, length)
        .orElseThrow(
            () -> new SnapshotGone("no object %s in %s".formatted(key, area.description())))
        .slice();
  }

  private static TransientFailure shorter(String key, int length, long offset, int got) {
    return new TransientFailure(
        "object %s: expected %d bytes at %d, got %d".formatted(key, length, offset, got));
  }
}
