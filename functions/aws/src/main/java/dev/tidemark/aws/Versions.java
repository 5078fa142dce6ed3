package dev.tidemark.aws;

import dev.tidemark.core.time.Ids;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * New versions of rows: 42 bits of milliseconds since the epoch, then 21 random ones. There is no
 * counter that all writers share, so a row that is deleted and made again would begin anew; this
 * way it gets a version that it had before only if somebody who made it 2^-21 unlucky did so within
 * the same millisecond of his own clock.
 */
final class Versions {
  private static final int RANDOM_BITS = 21;

  private final InstantSource clock;
  private final Ids ids;
  private final AtomicLong last = new AtomicLong();

  Versions(InstantSource clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** Greater than all that this one gave before. */
  long next() {
    long fresh = clock.millis() << RANDOM_BITS | random();
    return last.updateAndGet(before -> Math.max(before + 1, fresh));
  }

  private long random() {
    byte[] bytes = ids.bytes(3);
    long bits = (bytes[0] & 0xffL) << 16 | (bytes[1] & 0xffL) << 8 | (bytes[2] & 0xffL);
    return bits & ((1L << RANDOM_BITS) - 1);
  }
}
