package dev.tidemark.local;

import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem;
import java.time.Duration;

/** Wakes this process's workers when something was sent; those of others look by themselves. */
record SignallingQueue(WorkQueue queue, Wakeup wakeup) implements WorkQueue {

  @Override
  public Duration longestDelay() {
    return queue.longestDelay();
  }

  @Override
  public void send(WorkItem item, Duration delay) {
    queue.send(item, delay);
    wakeup.signal();
  }
}
