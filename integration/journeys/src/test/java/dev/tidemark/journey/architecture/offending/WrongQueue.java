package dev.tidemark.journey.architecture.offending;

import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem;
import java.time.Duration;

/** An adapter whose test runs another port's contract. */
final class WrongQueue implements WorkQueue {
  @Override
  public Duration longestDelay() {
    return Duration.ZERO;
  }

  @Override
  public void send(WorkItem item, Duration delay) {}
}
