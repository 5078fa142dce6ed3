package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What all steps on a unit begin with: is there still something to do, and may I? */
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
      return lanes.fill(run, item.lane(), item.attempt());
    }
    UnitRow row = unit.get().value();
    Instant now = platform.clock().instant();
    if (row.isWaiting(now.toEpochMilli())
        || Leases.live(platform, row.owner(), row.leaseEnd(), now)) {
      // Who has it sends what follows; if he dies, the watchdog does.
      return List.of();
    }
    Optional<UnitLease> lease =
        UnitLease.take(platform, ledger, run, item.lane(), unit.get(), slice);
    if (lease.isEmpty()) {
      return List.of();
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
