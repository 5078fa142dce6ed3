package dev.tidemark.contract.fault;

import java.time.Duration;

/** What goes on elsewhere while a call is slow: a test's clock advances, other workers may act. */
@FunctionalInterface
public interface Meanwhile {
  void pass(Duration time);

  /** No clock, and nobody else. */
  static Meanwhile nothing() {
    return time -> {};
  }
}
