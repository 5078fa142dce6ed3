package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An object's stored bytes in order, read in pieces. */
final class ObjectStream {
  private static final int FIRST_BYTES = 256 << 10;
  private static final int PIECE_BYTES = 4 << 20;

  private final @Nullable BlobStore store;
  private final String key;
  private final long size;
  private ByteBuffer piece;
  private long fetched;
  private boolean ended;

  private ObjectStream(@Nullable BlobStore store, String key, ByteBuffer piece, long size) {
    this.store = store;
    this.key = key;
    this.piece = piece;
    this.size = size;
    this.fetched = piece.remaining();
    this.ended = store == null;
  }

  /** An object that is in memory. */
  static ObjectStream of(String key, ByteBuffer object) {
    return new ObjectStream(null, key, heap(object), object.remaining());
  }

  /**
   * @param size of the object in bytes where it is known; else -1
   */
  static ObjectStream of(BlobStore store, String key, long size) {
    return new ObjectStream(store, key, ByteBuffer.allocate(0), size);
  }

  /** The bytes as a buffer with an accessible array. */
  static ByteBuffer heap(ByteBuffer bytes) {
    return bytes.hasArray()
        ? bytes.slice()
        : ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }

  String key() {
    return key;
  }

  /** How many bytes were taken. */
  long position() {
    return fetched - piece.remaining();
  }

  /**
   * The next {@code n} bytes, in a heap buffer that is valid until the next call.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED where there are fewer
   */
  ByteBuffer take(int n) {
    if (piece.remaining() >= n) {
      return advance(n);
    }
    ByteBuffer joined = ByteBuffer.allocate(n);
    while (joined.hasRemaining()) {
      if (atEnd()) {
        throw Damage.of(key, "a whole object", "one cut off after " + fetched + " bytes");
      }
      joined.put(advance(Math.min(joined.remaining(), piece.remaining())));
    }
    return joined.flip();
  }

  /** Whether the object ends here. */
  boolean atEnd() {
    if (!piece.hasRemaining() && !ended) {
      fetch();
    }
    return !piece.hasRemaining();
  }

  private ByteBuffer advance(int n) {
    ByteBuffer taken = piece.slice(piece.position(), n);
    piece.position(piece.position() + n);
    return taken;
  }

  private void fetch() {
    if (store == null) {
      return;
    }
    int length = fetched == 0 && size < 0 ? FIRST_BYTES : PIECE_BYTES;
    if (size >= 0) {
      // One byte more than there should be, so that a longer object is noticed.
      length = (int) Math.min(PIECE_BYTES, size - fetched + 1);
    }
    ByteBuffer read =
        store.read(key, fetched, length).orElseThrow(() -> Damage.of(key, "an object", "none"));
    fetched += read.remaining();
    ended = read.remaining() < length;
    piece = heap(read);
  }
}
