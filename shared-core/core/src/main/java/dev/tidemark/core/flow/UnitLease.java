package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One invocation's right to work on a unit. Every save is conditional on the row as this lease left
 * it, and on the run still going on.
 */
final class UnitLease {
  private final Ledger ledger;
  private final RunRow run;
  private final String partition;
  private UnitRow unit;

  private UnitLease(Ledger ledger, RunRow run, String partition, UnitRow unit) {
    this.ledger = ledger;
    this.run = run;
    this.partition = partition;
    this.unit = unit;
  }

  /**
   * Takes a unit for the rest of a slice.
   *
   * @return nothing where somebody else was quicker
   * @throws PermanentFailure where it was tried too often without progress
   */
  static Optional<UnitLease> take(
      Platform platform, Ledger ledger, RunRow run, String lane, Held<UnitRow> free, Slice slice) {
    UnitRow mine =
        free.value().leased(platform.workers().self(), slice.end().toEpochMilli(), run.resumes());
    int most = platform.settings().maxAttempts();
    if (mine.attempts() > most) {
      throw PermanentFailure.of(
              PermanentFailure.Kind.FAILED, "unit " + mine.title() + " (" + mine.unit() + ")")
          .expected("progress within " + most + " attempts")
          .found("none")
          .hint("look for this unit in the log, mend the cause, and resume the run");
    }
    var lease = new UnitLease(ledger, run, Rows.ofLane(run.id(), lane), mine);
    try {
      Commit commit = Commit.in(lease.partition).replace(free.row(), RowCodec.write(mine));
      return ledger.commit(commit) ? Optional.of(lease) : Optional.empty();
    } catch (TransientFailure e) {
      lease.release(e);
      throw e;
    }
  }

  /**
   * The row as it is now. Its epoch and owner are this lease's and nobody else's, so what it says
   * is what this lease wrote last, even where the answer to that was lost.
   *
   * @throws LeaseLost where somebody else has it
   */
  Held<UnitRow> held() {
    return ledger
        .find(partition, Rows.OPEN + unit.unit(), UnitRow.class)
        .filter(row -> row.value().epoch() == unit.epoch())
        .filter(row -> row.value().owner().equals(unit.owner()))
        .orElseThrow(() -> new LeaseLost("unit " + unit.unit() + " moved on"));
  }

  UnitRow unit() {
    return unit;
  }

  /** Stores how far the work came. */
  void progressed(String checkpoint) {
    Status now = ledger.run(run.id()).map(r -> r.value().status()).orElse(Status.CANCELED);
    if (now != Status.TRANSFERRING) {
      throw new LeaseLost("run " + run.id() + " is " + now);
    }
    put(unit.progressed(checkpoint));
  }

  void put(UnitRow changed) {
    put(changed, commit -> commit);
  }

  /** Stores the row together with others of its lane. */
  void put(UnitRow changed, UnaryOperator<Commit> more) {
    Commit commit = Commit.in(partition).replace(held().row(), RowCodec.write(changed));
    if (!ledger.commit(more.apply(commit))) {
      throw new LeaseLost("unit " + changed.unit() + " moved on");
    }
    unit = changed;
  }

  /**
   * Who slept until others went on with the unit, or with the run, fails nobody.
   *
   * @throws LeaseLost where that is so
   */
  void requireStill(PermanentFailure because) {
    try {
      held();
      if (ledger.runIn(run.id(), Status.TRANSFERRING).isEmpty()) {
        throw new LeaseLost("run " + run.id() + " moved on");
      }
    } catch (LeaseLost e) {
      e.addSuppressed(because);
      throw e;
    }
  }

  /** Lets the next attempt begin before this slice would have ended. */
  void release(RuntimeException because) {
    try {
      put(held().value().released());
    } catch (TransientFailure | LeaseLost e) {
      because.addSuppressed(e);
    }
  }

  static Instant end(UnitRow unit) {
    return Instant.ofEpochMilli(unit.leaseEnd());
  }
}
