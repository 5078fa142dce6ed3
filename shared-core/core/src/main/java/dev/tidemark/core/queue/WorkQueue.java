package dev.tidemark.core.queue;

import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItemCodec;
import java.time.Duration;

/**
 * Sends work items. What is sent is delivered at least once, in any order; a duplicate may run
 * beside the first. Receiving and acknowledging belong to the host: a cloud calls a function with
 * the items, the local host takes them from its table. An item whose handler did not acknowledge it
 * (the process died) is delivered again.
 */
public interface WorkQueue {

  /** The largest encoded item: 32 KiB. */
  int MAX_BODY_BYTES = WorkItemCodec.MAX_BYTES;

  /** The longest delay that {@link #send} takes; longer ones are timer rows of the flow. */
  Duration longestDelay();

  /**
   * Sends an item to the queue of its kind. When this returns, the item is safe.
   *
   * @param delay from zero to {@link #longestDelay}: the item is not delivered before it has passed
   * @throws IllegalArgumentException where the item is too large or the delay out of range; nothing
   *     was sent
   * @throws dev.tidemark.core.failure.TransientFailure where it may or may not have been sent
   */
  void send(WorkItem item, Duration delay);
}
