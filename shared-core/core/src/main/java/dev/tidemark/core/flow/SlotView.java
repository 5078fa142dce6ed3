package dev.tidemark.core.flow;

import java.time.Instant;

/**
 * The last slot of a policy on a cluster that was dealt with.
 *
 * @param slot the epoch while there was none
 * @param since when the policy was seen first
 * @param detail the run of a backup that was started; the reason for one that was not
 */
public record SlotView(
    String cluster,
    String policy,
    Instant slot,
    PolicySlot.Outcome outcome,
    String detail,
    Instant since) {

  /** Whether there was a slot, and not only a policy that waits for its first. */
  public boolean dealtWith() {
    return slot.isAfter(Instant.EPOCH);
  }
}
