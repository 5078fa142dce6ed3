package dev.tidemark.core.flow;

import dev.tidemark.events.WorkItem;
import java.time.Duration;

/** An item that a step wants sent, and how much later. */
record Next(WorkItem item, Duration delay) {

  static Next now(WorkItem item) {
    return new Next(item, Duration.ZERO);
  }
}
