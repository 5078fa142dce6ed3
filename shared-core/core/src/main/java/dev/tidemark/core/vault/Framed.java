package dev.tidemark.core.vault;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Framed objects, as the package's description lays them out. */
public final class Framed {
  /** Plaintext of every frame but the last. */
  public static final int FRAME_BYTES = 1 << 20;

  /** The largest plaintext of an object. */
  public static final long MAX_PLAIN_BYTES = 64L << 20;

  static final int ID_BYTES = 16;
  static final int HEADER_BYTES = 24;
  static final int WORD_BYTES = 4;

  private static final int MAGIC = 0x54444D31;
  private static final int LAST = 1 << 31;
  private static final int ZSTD = 1 << 30;

  private Framed() {}

  /**
   * An object ready to be stored.
   *
   * @param bytes its content in order; frames that did not shrink are the caller's own buffers
   * @param stored its size in bytes
   * @param plain size of its plaintext in bytes
   */
  public record Encoded(List<ByteBuffer> bytes, long stored, long plain) {}

  /**
   * Frames a plaintext. Every frame that was compressed is decoded and compared before it is
   * accepted.
   *
   * @param id 16 bytes
   * @param plain heap buffers, read from position to limit, each with exactly {@link #FRAME_BYTES}
   *     but the last; the caller leaves their content alone until the object is stored
   */
  public static Encoded encode(byte[] id, List<ByteBuffer> plain, Compression compression) {
    return encode(id, plain, compression, Framed::copy);
  }

  /** As {@link #encode}, but frames that shrink overwrite the plaintext: no further memory. */
  public static Encoded encodeInPlace(byte[] id, List<ByteBuffer> plain, Compression compression) {
    return encode(id, plain, compression, Framed::overwrite);
  }

  private static Encoded encode(
      byte[] id, List<ByteBuffer> plain, Compression compression, BinaryOperator<ByteBuffer> keep) {
    if (id.length != ID_BYTES) {
      throw new IllegalArgumentException("an id has 16 bytes, not " + id.length);
    }
    var bytes = new ArrayList<ByteBuffer>(2 * plain.size() + 3);
    bytes.add(ByteBuffer.allocate(HEADER_BYTES).putInt(MAGIC).putInt(0).put(id).flip());
    List<ByteBuffer> frames = plain.isEmpty() ? List.of(ByteBuffer.allocate(0)) : plain;
    ByteBuffer words = ByteBuffer.allocate(WORD_BYTES * frames.size());
    long total = 0;
    try (FrameCodec codec = FrameCodec.borrow()) {
      for (int i = 0; i < frames.size(); i++) {
        ByteBuffer frame = frames.get(i);
        boolean last = i == frames.size() - 1;
        requireFrame(frame, last, frames.size());
        total += frame.remaining();
        int at = words.position();
        ByteBuffer stored = encodeFrame(codec, frame, last, compression, words, keep);
        bytes.add(words.slice(at, WORD_BYTES));
        bytes.add(stored);
      }
    }
    bytes.add(words.flip());
    return new Encoded(bytes, size(bytes), total);
  }

  /**
   * The plaintext of an object that is in memory.
   *
   * @param key for messages
   * @param expectedId 16 bytes; null for any
   * @param maxPlain the largest plaintext to accept
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED, naming {@code key}, where the
   *     object is not in this format
   */
  public static ByteBuffer decode(
      String key, ByteBuffer object, byte @Nullable [] expectedId, long maxPlain) {
    try (var frames = new FrameStream(ObjectStream.of(key, object), maxPlain)) {
      requireId(key, frames.id(), expectedId);
      var plain = new Segments();
      for (ByteBuffer frame = frames.next(); frame != null; frame = frames.next()) {
        plain.write(frame);
      }
      ByteBuffer joined = ByteBuffer.allocate(Math.toIntExact(plain.bytes()));
      plain.buffers().forEach(joined::put);
      return joined.flip();
    }
  }

  static void requireId(String key, byte[] found, byte @Nullable [] expected) {
    if (expected != null && !Arrays.equals(found, expected)) {
      throw Damage.of(key, "blob id " + hex(expected), hex(found));
    }
  }

  /** Checks magic and flags, and answers the blob id. */
  static byte[] header(String key, ByteBuffer header) {
    int magic = header.getInt();
    if (magic != MAGIC) {
      throw Damage.of(key, "an object that begins with TDM1", "%08x".formatted(magic));
    }
    int flags = header.getInt();
    if (flags != 0) {
      throw Damage.of(key, "no flags", "%08x".formatted(flags));
    }
    byte[] id = new byte[ID_BYTES];
    header.get(id);
    return id;
  }

  static boolean isLast(int word) {
    return (word & LAST) != 0;
  }

  static boolean isZstd(int word) {
    return (word & ZSTD) != 0;
  }

  /** How many bytes a frame stores. */
  static int stored(String key, int word) {
    int stored = word & ~(LAST | ZSTD);
    if (stored > FRAME_BYTES) {
      throw Damage.of(key, "frames of at most 1 MiB", stored + " bytes in one");
    }
    return stored;
  }

  /** Whether an object of this size can hold a plaintext of that. */
  static boolean possible(long stored, long plain) {
    if (plain < 0 || plain > MAX_PLAIN_BYTES) {
      return false;
    }
    long around = HEADER_BYTES + 2L * WORD_BYTES * frames(plain);
    return stored >= around && stored <= around + plain;
  }

  /** How many frames a plaintext takes. */
  static int frames(long plain) {
    return Math.max(1, Math.toIntExact((plain + FRAME_BYTES - 1) / FRAME_BYTES));
  }

  private static ByteBuffer encodeFrame(
      FrameCodec codec,
      ByteBuffer frame,
      boolean last,
      Compression compression,
      ByteBuffer words,
      BinaryOperator<ByteBuffer> keep) {
    ByteBuffer small =
        codec.shrink(
            frame.array(), frame.arrayOffset() + frame.position(), frame.remaining(), compression);
    int stored = small == null ? frame.remaining() : small.remaining();
    words.putInt((last ? LAST : 0) | (small == null ? 0 : ZSTD) | stored);
    return small == null ? frame.duplicate() : keep.apply(frame, small);
  }

  private static ByteBuffer copy(ByteBuffer frame, ByteBuffer small) {
    return ByteBuffer.allocate(small.remaining()).put(small).flip();
  }

  private static ByteBuffer overwrite(ByteBuffer frame, ByteBuffer small) {
    return frame.slice().put(small).flip();
  }

  private static void requireFrame(ByteBuffer frame, boolean last, int frames) {
    int n = frame.remaining();
    boolean fits = last ? n <= FRAME_BYTES && (n > 0 || frames == 1) : n == FRAME_BYTES;
    if (!fits) {
      throw new IllegalArgumentException("a frame of " + n + " bytes");
    }
  }

  private static long size(List<ByteBuffer> bytes) {
    return bytes.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
