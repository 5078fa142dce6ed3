package dev.tidemark.local.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that passes when it is told to. */
final class ManualTime implements InstantSource {
  private Instant now = Instant.parse("2026-11-21T06:00:00Z");

  void pass(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
