package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What all steps on a unit begin with: is this still to be done, and may I? */
final class UnitStep {
  private UnitStep() {}

  /** The work itself, under a lease. */
  interface Work {
    List<Next> run(RunRow run, String lane, UnitLease lease, Slice slice);
  }

  static List<Next> run(
      Platform platform, Ledger ledger, LaneKeeper lanes, WorkItem item, Slice slice, Work work) {
    Optional<Held<RunRow>> held = ledger.runIn(item.run(), Status.TRANSFERRING);
    if (held.isEmpty() || item.lane() == null || item.unit() == null) {
      return List.of();
    }
    RunRow run = held.get().value();
    Optional<Held<UnitRow>> unit =
        ledger.find(Rows.ofLane(run.id(), item.lane()), Rows.OPEN + item.unit(), UnitRow.class);
    if (unit.isEmpty()) {
      return lanes.fill(run, item.lane(), item);
    }
    UnitRow row = unit.get().value();
    Instant now = platform.clock().instant();
    if (row.isWaiting(now.toEpochMilli())
        || Leases.live(platform, row.owner(), row.leaseEnd(), now)) {
      return afterwards(item, row, now);
    }
    WorkItem first = LaneKeeper.first(run, item.lane(), row);
    if (first.kind() != item.kind()) {
      // The unit has gone on: an item that came twice costs no lease.
      return List.of(Next.now(first));
    }
    Optional<UnitLease> lease =
        UnitLease.take(platform, ledger, run, item.lane(), unit.get(), slice);
    if (lease.isEmpty()) {
      // Somebody was quicker at this moment: what that means shows a second look.
      return List.of(Next.now(item));
    }
    try {
      // Once more: a run that ended while the lease was taken may be closed without waiting.
      if (ledger.runIn(run.id(), Status.TRANSFERRING).isEmpty()) {
        lease.get().release(new LeaseLost("run " + run.id() + " has ended"));
        return List.of();
      }
      return work.run(run, item.lane(), lease.get(), slice);
    } catch (TransientFailure e) {
      lease.get().release(e);
      throw lease.get().unit().attempts() < platform.settings().maxAttempts()
          ? e
          : givenUp(lease.get().unit(), e);
    } catch (PermanentFailure e) {
      lease.get().requireStill(e);
      lease.get().release(e);
      throw e;
    }
  }

  /**
   * Who has the unit, or had it wait, sends what follows. But he may die before, and a queue that
   * delivers twice takes this item's answer for that of his: so it comes again at the end, as one
   * does that is early by another machine's clock. Where the unit has gone further than this item
   * knows, its failed attempts included, another one did the same.
   */
  private static List<Next> afterwards(WorkItem item, UnitRow row, Instant now) {
    return row.epoch() <= item.epoch() + 1 + item.attempt()
        ? List.of(new Next(item, Duration.between(now, UnitLease.end(row))))
        : List.of();
  }

  /** The last of the attempts says why, so that nobody has to look for it. */
  private static PermanentFailure givenUp(UnitRow unit, TransientFailure last) {
    return PermanentFailure.of(
            PermanentFailure.Kind.FAILED, "unit " + unit.title() + " (" + unit.unit() + ")")
        .expected("progress within " + unit.attempts() + " attempts")
        .found(String.valueOf(last.getMessage()))
        .hint("mend the cause, and resume the run")
        .cause(last);
  }
}
