package dev.tidemark.core.blob;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A checksum of stored bytes, as a store reports it.
 *
 * @param kind {@code sha256}, {@code crc32c}, {@code crc64nvme}, {@code md5} or {@code none}
 * @param hex lower case; empty for {@code none}
 */
public record Checksum(String kind, String hex) {
  public static final Checksum NONE = new Checksum("none", "");

  /** What a running CRC32C has come to. */
  public static Checksum of(CRC32C sum) {
    return new Checksum("crc32c", "%08x".formatted(sum.getValue()));
  }

  /**
   * The CRC32C of bytes.
   *
   * @param bytes read from position to limit, positions unchanged
   */
  public static Checksum crc32c(List<ByteBuffer> bytes) {
    var sum = new CRC32C();
    bytes.forEach(buffer -> sum.update(buffer.duplicate()));
    return of(sum);
  }

  /** Reads {@code kind:hex}, the form that {@link #toString} writes. */
  public static Checksum parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new Checksum(text, "")
        : new Checksum(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return hex.isEmpty() ? kind : kind + ":" + hex;
  }
}
