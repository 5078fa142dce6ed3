package dev.tidemark.core.vault;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The plaintext of a framed object in order, frame by frame, in bounded memory. */
final class FrameStream implements AutoCloseable {
  private final ObjectStream object;
  private final long maxPlain;
  private final byte[] id;
  private final FrameCodec codec;
  private boolean closed;
  private int[] words = new int[4];
  private int frames;
  private long plain;
  private boolean ended;
  private byte @Nullable [] unpacked;

  FrameStream(ObjectStream object, long maxPlain) {
    this.object = object;
    this.maxPlain = maxPlain;
    this.id = Framed.header(object.key(), object.take(Framed.HEADER_BYTES));
    this.codec = FrameCodec.borrow();
  }

  byte[] id() {
    return id;
  }

  /**
   * The next frame's plaintext, in a heap buffer that is valid until the next call; null after the
   * last frame, whose trailer has been checked then.
   */
  @Nullable ByteBuffer next() {
    if (ended) {
      return null;
    }
    int word = object.take(Framed.WORD_BYTES).getInt();
    remember(word);
    ByteBuffer frame = decode(word);
    plain += frame.remaining();
    requireSize(frame.remaining(), Framed.isLast(word));
    if (Framed.isLast(word)) {
      ended = true;
      // Taking the trailer may move on from the piece that a stored frame lies in.
      ByteBuffer kept =
          Framed.isZstd(word) ? frame : ByteBuffer.allocate(frame.remaining()).put(frame).flip();
      requireTrailer();
      return kept;
    }
    return frame;
  }

  /** The stored size of the object; after the last frame. */
  long stored() {
    return object.position();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      codec.close();
    }
  }

  private ByteBuffer decode(int word) {
    ByteBuffer stored = object.take(Framed.stored(object.key(), word));
    if (!Framed.isZstd(word)) {
      return stored;
    }
    // Most texts are far smaller than a frame may be; what the frame declares is checked below.
    long declared =
        Zstd.getFrameContentSize(
            stored.array(), stored.arrayOffset() + stored.position(), stored.remaining());
    int room = declared < 1 ? Framed.FRAME_BYTES : (int) Math.min(declared, Framed.FRAME_BYTES);
    if (unpacked == null || unpacked.length < room) {
      unpacked = new byte[room];
    }
    int size =
        codec.expand(
            object.key(),
            stored.array(),
            stored.arrayOffset() + stored.position(),
            stored.remaining(),
            unpacked);
    return ByteBuffer.wrap(unpacked, 0, size);
  }

  private void remember(int word) {
    if (frames == words.length) {
      words = Arrays.copyOf(words, frames * 2);
    }
    words[frames++] = word;
  }

  private void requireSize(int size, boolean last) {
    if (plain > maxPlain) {
      throw Damage.of(object.key(), "at most " + maxPlain + " bytes of plaintext", "more");
    }
    boolean fits = last ? size > 0 || frames == 1 : size == Framed.FRAME_BYTES;
    if (!fits) {
      throw Damage.of(object.key(), "frames of 1 MiB, but the last", "%d bytes".formatted(size));
    }
  }

  private void requireTrailer() {
    ByteBuffer trailer = object.take(Framed.WORD_BYTES * frames);
    for (int i = 0; i < frames; i++) {
      int word = trailer.getInt();
      if (word != words[i]) {
        throw Damage.of(
            object.key(),
            "the words of its frames at its end",
            "%08x for frame %d".formatted(word, i));
      }
    }
    if (!object.atEnd()) {
      throw Damage.of(object.key(), object.position() + " stored bytes", "more");
    }
  }
}
