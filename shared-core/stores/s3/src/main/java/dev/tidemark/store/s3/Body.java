package dev.tidemark.store.s3;

import dev.tidemark.core.blob.Checksum;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;

/** The bytes of a request where they are, as often as the SDK reads them; with their SHA-256. */
final class Body {
  private final List<ByteBuffer> bytes;
  private final long size;
  private final byte[] sha256;

  /**
   * @param bytes positions unchanged
   */
  Body(List<ByteBuffer> bytes, long size) {
    this.bytes = bytes;
    this.size = size;
    MessageDigest digest = sha256();
    bytes.forEach(each -> digest.update(each.duplicate()));
    this.sha256 = digest.digest();
  }

  long size() {
    return size;
  }

  String sha256Base64() {
    return Base64.getEncoder().encodeToString(sha256);
  }

  Checksum checksum() {
    return new Checksum("sha256", HexFormat.of().formatHex(sha256));
  }

  RequestBody request() {
    return RequestBody.fromContentProvider(
        () -> new Stream(bytes), size, "application/octet-stream");
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Buffers one after the other, without copying them together. */
  private static final class Stream extends InputStream {
    private final Deque<ByteBuffer> rest = new ArrayDeque<>();

    Stream(List<ByteBuffer> bytes) {
      bytes.forEach(each -> rest.add(each.duplicate()));
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
      while (!rest.isEmpty() && !rest.getFirst().hasRemaining()) {
        rest.removeFirst();
      }
      if (rest.isEmpty()) {
        return -1;
      }
      int count = Math.min(length, rest.getFirst().remaining());
      rest.getFirst().get(into, offset, count);
      return count;
    }

    @Override
    public int available() {
      long sum = rest.stream().mapToLong(ByteBuffer::remaining).sum();
      return (int) Math.min(Integer.MAX_VALUE, sum);
    }
  }
}
