package dev.tidemark.core.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * The time that one invocation may use. Work that finds its slice over saves where it is and hands
 * the rest to the next invocation.
 */
public final class Slice {
  private final InstantSource clock;
  private final Instant end;
  private final BooleanSupplier cut;

  private Slice(InstantSource clock, Instant end, BooleanSupplier cut) {
    this.clock = clock;
    this.end = end;
    this.cut = cut;
  }

  /**
   * A slice that ends at the earlier of the host's deadline less its margin, and the limit from
   * now. The margin is the smaller of 60 s and a quarter of the time to the deadline.
   */
  public static Slice until(Instant deadline, Duration limit, InstantSource clock) {
    Instant now = clock.instant();
    Duration whole = Duration.between(now, deadline);
    Duration margin = min(Duration.ofSeconds(60), whole.dividedBy(4));
    return new Slice(clock, now.plus(min(whole.minus(margin), limit)), () -> false);
  }

  /** A slice for a host without deadlines. */
  public static Slice of(Duration limit, InstantSource clock) {
    return new Slice(clock, clock.instant().plus(limit), () -> false);
  }

  /** The same slice, which is also over as soon as its host is to stop. */
  public Slice orWhen(BooleanSupplier stopped) {
    return new Slice(clock, end, stopped);
  }

  public boolean over() {
    return cut.getAsBoolean() || !clock.instant().isBefore(end);
  }

  public Instant end() {
    return end;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
