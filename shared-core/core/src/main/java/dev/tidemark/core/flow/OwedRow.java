package dev.tidemark.core.flow;

/**
 * Something outside the table that a run may hold, written before it is acquired.
 *
 * @param what {@code guard}, {@code engine} or {@code pin}
 */
record OwedRow(int v, String what) {}
