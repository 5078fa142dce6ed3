package dev.tidemark.core.flow;

import java.time.Instant;

/**
 * The last slot of a policy on a cluster that was dealt with.
 *
 * @param since when the policy was seen first
 * @param detail the run of a backup that was started; the reason for one that was not
 */
public record SlotView(
    String cluster,
    String policy,
    Instant slot,
    PolicySlot.Outcome outcome,
    String detail,
    Instant since) {}
