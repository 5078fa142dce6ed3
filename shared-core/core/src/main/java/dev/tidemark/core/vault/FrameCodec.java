package dev.tidemark.core.vault;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.tidemark.core.failure.TransientFailure;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * zstd for single frames. Its native contexts are dear to make and are freed only by hand, so idle
 * codecs wait in a small pool rather than with their threads.
 */
final class FrameCodec implements AutoCloseable {
  private static final ArrayBlockingQueue<FrameCodec> IDLE = new ArrayBlockingQueue<>(16);
  private static final byte[] NOTHING = new byte[0];

  private final ZstdCompressCtx compressor = new ZstdCompressCtx();
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private byte[] packed = NOTHING;
  private byte[] unpacked = NOTHING;

  private FrameCodec() {}

  static FrameCodec borrow() {
    FrameCodec idle = IDLE.poll();
    return idle == null ? new FrameCodec() : idle;
  }

  @Override
  public void close() {
    if (!IDLE.offer(this)) {
      compressor.close();
      decompressor.close();
    }
  }

  /**
   * Makes a zstd frame of the bytes, which is decoded again and compared.
   *
   * @return the frame, valid until the next call; null where it would not be smaller
   * @throws TransientFailure where decoding gives other bytes: memory or processor are at fault
   */
  @Nullable ByteBuffer shrink(byte[] plain, int offset, int length, Compression compression) {
    if (compression.level() == 0 || length < 16) {
      return null;
    }
    if (packed.length == 0) {
      packed = new byte[(int) Zstd.compressBound(Framed.FRAME_BYTES)];
      unpacked = new byte[Framed.FRAME_BYTES];
    }
    compressor.setLevel(compression.level());
    int size = compressor.compressByteArray(packed, 0, packed.length, plain, offset, length);
    if (size >= length) {
      return null;
    }
    int back = decompressor.decompressByteArray(unpacked, 0, length, packed, 0, size);
    if (back != length || !Arrays.equals(unpacked, 0, length, plain, offset, offset + length)) {
      throw new TransientFailure("a frame that was compressed did not decode to what it was");
    }
    return ByteBuffer.wrap(packed, 0, size);
  }

  /**
   * Decodes one zstd frame.
   *
   * @param into takes at most its length
   * @return how many bytes
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED, naming {@code key}
   */
  int expand(String key, byte[] stored, int offset, int length, byte[] into) {
    long declared = Zstd.getFrameContentSize(stored, offset, length);
    if (declared < 0 || declared > into.length) {
      throw Damage.of(key, "a zstd frame of at most " + into.length + " bytes", "another");
    }
    try {
      int size = decompressor.decompressByteArray(into, 0, into.length, stored, offset, length);
      if (size != declared) {
        throw Damage.of(key, "one zstd frame of " + declared + " bytes", size + " bytes");
      }
      return size;
    } catch (ZstdException e) {
      throw Damage.of(key, "a zstd frame", "one that does not decode: " + e.getMessage()).cause(e);
    }
  }
}
