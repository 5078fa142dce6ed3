package dev.tidemark.core.flow;

/**
 * An item to send at its time.
 *
 * @param item as {@link dev.tidemark.events.WorkItemCodec} writes it
 */
record TimerRow(int v, String item) {}
