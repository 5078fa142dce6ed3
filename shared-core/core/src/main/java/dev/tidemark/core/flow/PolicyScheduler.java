package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.PolicySlot.Outcome;
import dev.tidemark.core.flow.PolicySlot.Taken;
import dev.tidemark.core.state.Commit;
import java.util.Optional;
import java.util.function.Function;

/**
 * Starts at most one backup for each slot of a policy, and none for a slot that is older than one
 * that was dealt with. The backup comes first and the row second: after a crash between them the
 * same id gives the same backup.
 */
final class PolicyScheduler {
  private final Platform platform;
  private final Ledger ledger;
  private final Function<BackupRequest, Accepted> backups;

  PolicyScheduler(Platform platform, Ledger ledger, Function<BackupRequest, Accepted> backups) {
    this.platform = platform;
    this.ledger = ledger;
    this.backups = backups;
  }

  /** Notes that a policy is looked after from now on, unless it is. */
  void expect(PolicySlot slot) {
    String partition = Rows.cluster(slot.request().cluster());
    String sort = Rows.slot(slot.policy());
    if (ledger.find(partition, sort, SlotRow.class).isEmpty()) {
      ledger.commit(
          Commit.in(partition)
              .create(sort, RowCodec.write(row(slot, new Taken(Outcome.EXPECTED, ""), now()))));
      ledger.noteCluster(slot.request().cluster());
    }
  }

  Taken take(PolicySlot slot) {
    String partition = Rows.cluster(slot.request().cluster());
    String sort = Rows.slot(slot.policy());
    Optional<Held<SlotRow>> last = ledger.find(partition, sort, SlotRow.class);
    if (last.isPresent() && last.get().value().slot() >= slot.time().toEpochMilli()) {
      return new Taken(Outcome.PASSED, last.get().value().detail());
    }
    Taken taken = start(slot);
    long since = last.map(held -> held.value().since()).orElse(now());
    String row = RowCodec.write(row(slot, taken, since));
    boolean kept =
        ledger.commit(
            last.isPresent()
                ? Commit.in(partition).replace(last.get().row(), row)
                : Commit.in(partition).create(sort, row));
    return kept ? taken : take(slot);
  }

  private Taken start(PolicySlot slot) {
    try {
      return new Taken(Outcome.STARTED, backups.apply(slot.asked()).run());
    } catch (PermanentFailure e) {
      return new Taken(Outcome.SKIPPED, String.valueOf(e.getMessage()));
    }
  }

  private static SlotRow row(PolicySlot slot, Taken taken, long since) {
    return new SlotRow(1, slot.time().toEpochMilli(), taken.outcome(), taken.detail(), since);
  }

  private long now() {
    return platform.clock().instant().toEpochMilli();
  }
}
