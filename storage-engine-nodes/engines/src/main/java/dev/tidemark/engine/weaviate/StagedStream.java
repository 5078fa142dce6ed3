package dev.tidemark.engine.weaviate;

import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.staging.StagingArea;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * An object of a staging area, read from its start in pieces. What is skipped is not asked for,
 * except what the piece at hand has.
 */
final class StagedStream extends InputStream {
  private final StagingArea area;
  private final String key;
  private final int pieceBytes;
  private ByteBuffer piece = ByteBuffer.allocate(0);
  private long at;

  /**
   * @param pieceBytes how much is asked for at once
   */
  StagedStream(StagingArea area, String key, int pieceBytes) {
    this.area = area;
    this.key = key;
    this.pieceBytes = pieceBytes;
  }

  /** The offset in the object of what is read next. */
  long position() {
    return at - piece.remaining();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!piece.hasRemaining()) {
      piece =
          area.read(key, at, pieceBytes)
              .orElseThrow(
                  () -> new SnapshotGone("no object %s in %s".formatted(key, area.description())));
      at += piece.remaining();
      if (!piece.hasRemaining()) {
        return -1;
      }
    }
    int count = Math.min(length, piece.remaining());
    piece.get(into, offset, count);
    return count;
  }

  @Override
  public long skip(long count) {
    if (count <= 0) {
      return 0;
    }
    int here = (int) Math.min(count, piece.remaining());
    piece.position(piece.position() + here);
    at += count - here;
    return count;
  }

  @Override
  public int available() {
    return piece.remaining();
  }
}
