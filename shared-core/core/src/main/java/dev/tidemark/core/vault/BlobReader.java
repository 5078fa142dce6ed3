package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of a unit's framed blobs with few requests: a blob of up to 1 MiB, or one that is
 * read from its start, by one request for each four frames; else two short ones for header and
 * trailer, which are remembered, and then the frames. Files that follow one another in a pack are
 * read ahead together. Memory is bounded (about 6 MiB). For one thread.
 */
public final class BlobReader {
  /** Four frames, also of content that does not shrink, and what is before the first. */
  private static final int PIECE_BYTES =
      Framed.HEADER_BYTES + 4 * (Framed.WORD_BYTES + Framed.FRAME_BYTES);

  private static final int SMALL_BYTES = 1 << 20;
  private static final int REMEMBERED = 256;

  private final BlobStore store;
  private final String clusterId;
  private final String unit;
  private final byte[] unpacked = new byte[Framed.FRAME_BYTES];
  private final Map<String, Layout> layouts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Layout> eldest) {
          return size() > REMEMBERED;
        }
      };
  private Piece piece = new Piece("", 0, ByteBuffer.allocate(0));
  private String decodedBlob = "";
  private int decodedFrame;
  private ByteBuffer decoded = ByteBuffer.allocate(0);

  public BlobReader(BlobStore store, String clusterId, String unit) {
    this.store = store;
    this.clusterId = clusterId;
    this.unit = unit;
  }

  /** A blob's frames: where each one's word is, and the words. */
  private static final class Layout {
    private final long[] starts;
    private final int[] words;

    Layout(int frames) {
      starts = new long[frames + 1];
      words = new int[frames];
    }
  }

  /** Stored bytes of a blob from an offset on. */
  private record Piece(String blob, long start, ByteBuffer bytes) {
    boolean holds(String name, long from, long to) {
      return blob.equals(name) && from >= start && to <= end();
    }

    long end() {
      return start + bytes.remaining();
    }

    ByteBuffer slice(long from, int length) {
      return bytes.slice(bytes.position() + (int) (from - start), length);
    }
  }

  /**
   * Reads plaintext.
   *
   * @param sink takes the bytes in order, at most 1 MiB each, in read-only buffers that are valid
   *     during the call
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED, naming the blob's key, where it is
   *     missing or not what the part says
   * @throws IllegalArgumentException where the range is not in the blob
   */
  public void read(BlobRef blob, long offset, long length, Consumer<ByteBuffer> sink) {
    if (offset < 0 || length < 0 || offset > blob.plain() - length) {
      throw new IllegalArgumentException(
          "no bytes %d to %d in a blob of %d".formatted(offset, offset + length, blob.plain()));
    }
    String key = VaultKeys.data(clusterId, unit, blob.name());
    Layout layout = layout(key, blob, offset, length);
    long at = offset;
    long end = offset + length;
    while (at < end) {
      int frame = (int) (at / Framed.FRAME_BYTES);
      ByteBuffer plain = frame(key, blob, layout, frame, (int) ((end - 1) / Framed.FRAME_BYTES));
      long start = (long) frame * Framed.FRAME_BYTES;
      int n = (int) Math.min(end - at, start + plain.remaining() - at);
      sink.accept(plain.slice(plain.position() + (int) (at - start), n).asReadOnlyBuffer());
      at += n;
    }
  }

  private Layout layout(String key, BlobRef blob, long offset, long length) {
    Layout known = layouts.get(blob.name());
    if (known != null) {
      return known;
    }
    if (!Framed.possible(blob.stored(), blob.plain())) {
      throw Damage.of(key, "a size that fits " + blob.plain() + " bytes", blob.stored() + " bytes");
    }
    if (blob.stored() <= SMALL_BYTES || (offset == 0 && length > SMALL_BYTES)) {
      fetch(key, blob, 0, Math.min(PIECE_BYTES, blob.stored()));
    }
    byte[] id = Framed.header(key, bytes(key, blob, 0, Framed.HEADER_BYTES));
    Framed.requireId(key, id, HexFormat.of().parseHex(blob.id()));
    Layout layout = readLayout(key, blob);
    layouts.put(blob.name(), layout);
    return layout;
  }

  private Layout readLayout(String key, BlobRef blob) {
    int n = Framed.frames(blob.plain());
    long trailer = blob.stored() - (long) Framed.WORD_BYTES * n;
    ByteBuffer words = bytes(key, blob, trailer, Framed.WORD_BYTES * n);
    var layout = new Layout(n);
    long at = Framed.HEADER_BYTES;
    for (int i = 0; i < n; i++) {
      int word = words.getInt();
      layout.words[i] = word;
      layout.starts[i] = at;
      at += Framed.WORD_BYTES + Framed.stored(key, word);
      if (Framed.isLast(word) != (i == n - 1)) {
        throw Damage.of(key, n + " frames", "a last one at " + i);
      }
    }
    layout.starts[n] = at;
    if (at != trailer) {
      throw Damage.of(key, "frames of " + trailer + " bytes", at + " bytes");
    }
    return layout;
  }

  /** The plaintext of a frame, valid until the next call. */
  private ByteBuffer frame(String key, BlobRef blob, Layout layout, int frame, int lastWanted) {
    if (decodedBlob.equals(blob.name()) && decodedFrame == frame) {
      return decoded;
    }
    long from = layout.starts[frame];
    long to = layout.starts[frame + 1];
    if (!piece.holds(blob.name(), from, to)) {
      fetch(key, blob, from, ahead(blob, layout, frame, lastWanted) - from);
    }
    ByteBuffer stored = piece.slice(from, (int) (to - from));
    int word = stored.getInt();
    if (word != layout.words[frame]) {
      throw Damage.of(
          key,
          "%08x before frame %d".formatted(layout.words[frame], frame),
          "%08x".formatted(word));
    }
    decodedBlob = "";
    decoded = plain(key, stored, word);
    long expected = Math.min(Framed.FRAME_BYTES, blob.plain() - (long) frame * Framed.FRAME_BYTES);
    if (decoded.remaining() != expected) {
      throw Damage.of(
          key, "%d bytes in frame %d".formatted(expected, frame), decoded.remaining() + " bytes");
    }
    decodedBlob = blob.name();
    decodedFrame = frame;
    return decoded;
  }

  private ByteBuffer plain(String key, ByteBuffer stored, int word) {
    if (!Framed.isZstd(word)) {
      return stored;
    }
    try (FrameCodec codec = FrameCodec.borrow()) {
      int size =
          codec.expand(
              key,
              stored.array(),
              stored.arrayOffset() + stored.position(),
              stored.remaining(),
              unpacked);
      return ByteBuffer.wrap(unpacked, 0, size);
    }
  }

  /** Where a request for a frame should end: after what is wanted, or further when in sequence. */
  private long ahead(BlobRef blob, Layout layout, int frame, int lastWanted) {
    boolean sequence = piece.blob().equals(blob.name()) && piece.end() >= layout.starts[frame];
    int last = sequence ? layout.words.length - 1 : lastWanted;
    int end = frame + 1;
    while (end <= last && layout.starts[end + 1] - layout.starts[frame] <= PIECE_BYTES) {
      end++;
    }
    return layout.starts[end];
  }

  private ByteBuffer bytes(String key, BlobRef blob, long from, int length) {
    if (piece.holds(blob.name(), from, from + length)) {
      return piece.slice(from, length);
    }
    return request(key, from, length);
  }

  private void fetch(String key, BlobRef blob, long from, long length) {
    decodedBlob = "";
    piece = new Piece("", 0, ByteBuffer.allocate(0));
    piece = new Piece(blob.name(), from, request(key, from, (int) length));
  }

  private ByteBuffer request(String key, long from, int length) {
    @Nullable ByteBuffer read = store.read(key, from, length).orElse(null);
    if (read == null) {
      throw Damage.of(key, "a blob", "none");
    }
    if (read.remaining() != length) {
      throw Damage.of(key, "at least " + (from + length) + " bytes", "an object that ends before");
    }
    return ObjectStream.heap(read);
  }
}
