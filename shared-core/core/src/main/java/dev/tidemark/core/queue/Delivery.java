package dev.tidemark.core.queue;

import dev.tidemark.events.WorkItem;

/**
 * An item that a receiver holds until it acknowledges it.
 *
 * @param receipt names this delivery to the queue that made it
 */
public record Delivery(WorkItem item, String receipt) {}
