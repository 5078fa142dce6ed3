package dev.tidemark.core.staging;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * What every adapter refuses before it asks its store, so that all refuse the same: {@link
 * PermanentFailure}s of kind INVALID. Keys, ranges and pages are those of {@link
 * dev.tidemark.core.blob.BlobLimits}.
 */
public final class StagingLimits {
  private static final Duration MOST_LIFE = Duration.ofDays(7);

  private StagingLimits() {}

  /** How many bytes the buffers hold, if that is not too many. */
  public static long requireSize(String key, List<ByteBuffer> bytes) {
    long size = bytes.stream().mapToLong(ByteBuffer::remaining).sum();
    if (size > StagingArea.MAX_PUT_BYTES) {
      throw PermanentFailure.of(Kind.INVALID, "staged object " + key)
          .expected("at most %d bytes at once".formatted(StagingArea.MAX_PUT_BYTES))
          .found(size + " bytes");
    }
    return size;
  }

  public static void requireNumber(Upload upload, int number) {
    if (number < 1 || number > StagingArea.MAX_PARTS) {
      throw PermanentFailure.of(Kind.INVALID, "upload of " + upload.key())
          .expected("a part numbered 1 to " + StagingArea.MAX_PARTS)
          .found(Integer.toString(number));
    }
  }

  /** Parts from 1 on without a gap, all but the last large enough for every store. */
  public static void requireWhole(Upload upload, List<StagedPart> parts) {
    for (int i = 0; i < parts.size(); i++) {
      StagedPart part = parts.get(i);
      boolean small = part.size() < StagingArea.MIN_PART_BYTES && i < parts.size() - 1;
      if (part.number() != i + 1 || small) {
        throw PermanentFailure.of(Kind.INVALID, "upload of " + upload.key())
            .expected(
                "part %d, of at least %d bytes unless it is the last"
                    .formatted(i + 1, StagingArea.MIN_PART_BYTES))
            .found("part %d of %d bytes".formatted(part.number(), part.size()));
      }
    }
    if (parts.isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "upload of " + upload.key())
          .expected("at least one part")
          .found("none");
    }
  }

  public static void requireLife(String key, Duration life) {
    if (life.isNegative() || life.isZero() || life.compareTo(MOST_LIFE) > 0) {
      throw PermanentFailure.of(Kind.INVALID, "address of staged object " + key)
          .expected("a life of up to 7 days")
          .found(life.toString());
    }
  }

  public static void requireDeletable(List<String> keys) {
    if (keys.size() > StagingArea.MAX_DELETE_KEYS) {
      throw PermanentFailure.of(Kind.INVALID, "delete of staged objects")
          .expected("at most %d keys".formatted(StagingArea.MAX_DELETE_KEYS))
          .found(keys.size() + " keys");
    }
  }
}
