package dev.tidemark.store.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Takes the answer to a ranged read whole or not at all. One that is cut short, or is of another
 * range, is asked for again by the SDK, like any request that failed.
 */
final class RangeReader implements ResponseTransformer<GetObjectResponse, ByteBuffer> {
  private final long offset;
  private final int length;

  RangeReader(long offset, int length) {
    this.offset = offset;
    this.length = length;
  }

  @Override
  public ByteBuffer transform(GetObjectResponse answer, AbortableInputStream stream) {
    long size = answer.contentLength() == null ? -1 : answer.contentLength();
    String range = answer.contentRange();
    boolean asked = range == null ? offset == 0 : range.startsWith("bytes " + offset + "-");
    if (!asked || size < 0 || size > length) {
      stream.abort();
      throw RetryableException.create(
          "expected at most %d bytes from %d on, found %d bytes of range %s"
              .formatted(length, offset, size, range));
    }
    try {
      byte[] bytes = new byte[(int) size];
      int read = stream.readNBytes(bytes, 0, bytes.length);
      if (read < size) {
        throw RetryableException.create(
            "expected %d bytes, found the answer cut short after %d".formatted(size, read));
      }
      return ByteBuffer.wrap(bytes);
    } catch (IOException e) {
      throw RetryableException.create("the answer was cut short: " + e.getMessage(), e);
    }
  }
}
