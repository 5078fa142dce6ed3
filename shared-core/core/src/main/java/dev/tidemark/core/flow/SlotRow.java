package dev.tidemark.core.flow;

/**
 * The last slot of a policy on a cluster that was dealt with. Times are milliseconds since the
 * epoch.
 *
 * @param slot 0 while there was none
 * @param since when the policy was seen first
 * @param detail as in {@link PolicySlot.Taken}
 */
record SlotRow(int v, long slot, PolicySlot.Outcome outcome, String detail, long since) {}
