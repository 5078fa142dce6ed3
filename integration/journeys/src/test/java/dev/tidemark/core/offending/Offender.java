package dev.tidemark.core.offending;

import dev.tidemark.contract.StateTableContract;
import dev.tidemark.local.SecureIds;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/** Reaches for what core must be given, and for what lies above it. */
public final class Offender {
  private final List<Supplier<Object>> reaches =
      List.of(
          Instant::now,
          () -> Clock.systemUTC(),
          InstantSource::system,
          () -> System.currentTimeMillis(),
          System::nanoTime,
          () -> String.valueOf(System.getenv("HOME")),
          () -> String.valueOf(System.getProperty("user.home")),
          UUID::randomUUID,
          () -> new Random(),
          () -> new Random(7L),
          SecureRandom::new,
          ThreadLocalRandom::current,
          SecureIds::new,
          () -> StateTableContract.class);

  /** Sleeps, and reaches for everything. */
  public void reach() throws InterruptedException {
    Thread.sleep(0);
    TimeUnit.SECONDS.sleep(0);
    Assertions.assertNotNull(reaches);
  }
}
