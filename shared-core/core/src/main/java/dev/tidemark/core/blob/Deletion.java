package dev.tidemark.core.blob;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one key of a delete.
 *
 * @param retainedUntil when a lock ends; only with {@link Outcome#RETAINED}, where the store tells
 * @param detail the store's own words for {@link Outcome#RETAINED} and {@link Outcome#FAILED}
 */
public record Deletion(
    String key, Outcome outcome, @Nullable Instant retainedUntil, String detail) {

  /** The outcomes of a delete. */
  public enum Outcome {
    /** It was there and is gone. A store that cannot tell this from ABSENT answers DELETED. */
    DELETED,
    /** There was none. */
    ABSENT,
    /** A lock or hold forbids it for now. */
    RETAINED,
    /** It may still be there; trying again may help. */
    FAILED
  }
}
