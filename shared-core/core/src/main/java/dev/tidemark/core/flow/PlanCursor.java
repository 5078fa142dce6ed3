package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The planner's turn. Every commit of a planner in its run's partition goes through the plan row,
 * so of several planners only the one whose turn it is can add anything.
 */
final class PlanCursor {
  private final Ledger ledger;
  private final String partition;
  private final int turn;
  private long restUntil;

  private PlanCursor(Ledger ledger, String partition, int turn) {
    this.ledger = ledger;
    this.partition = partition;
    this.turn = turn;
  }

  /**
   * Takes the turn; nothing while somebody has it who is not known to be dead, or nobody need, and
   * nothing where the run is no longer as it was seen: its rows may be deleted, and must not come
   * back.
   */
  static Optional<PlanCursor> take(
      Platform platform, Ledger ledger, Held<RunRow> run, Slice slice) {
    String partition = Rows.ofRun(run.value().id());
    while (true) {
      Optional<Held<PlanRow>> held = ledger.find(partition, Rows.PLAN, PlanRow.class);
      PlanRow before = held.map(Held::value).orElse(PlanRow.fresh());
      Instant now = platform.clock().instant();
      boolean resting = before.owner().isEmpty() && before.leaseEnd() > now.toEpochMilli();
      if (resting || Leases.live(platform, before.owner(), before.leaseEnd(), now)) {
        return Optional.empty();
      }
      PlanRow mine =
          before.leased(platform.workers().self(), slice.end().toEpochMilli(), before.turn() + 1);
      Commit commit =
          held.isPresent()
              ? Commit.in(partition).replace(held.get().row(), RowCodec.write(mine))
              : Commit.in(partition).create(Rows.PLAN, RowCodec.write(mine));
      var cursor = new PlanCursor(ledger, partition, mine.turn());
      try {
        if (ledger.commit(commit)) {
          return cursor.unlessEnded(run.value().id());
        }
      } catch (TransientFailure e) {
        cursor.release(e);
        throw e;
      }
    }
  }

  /**
   * Looks at the run once more: one that is closed while the turn is taken would not wait for it.
   */
  private Optional<PlanCursor> unlessEnded(String run) {
    Optional<RunRow> now = ledger.run(run).map(Held::value);
    if (now.isPresent() && !now.get().status().terminal()) {
      return Optional.of(this);
    }
    if (now.isPresent() && !now.get().closed()) {
      release();
    } else {
      ledger.discard(partition, List.of(Rows.PLAN));
    }
    return Optional.empty();
  }

  /** Which of the run's turns it is. */
  int number() {
    return turn;
  }

  /** There is nothing to do for anybody until then. */
  void rest(Instant until) {
    restUntil = until.toEpochMilli();
  }

  PlanRow row() {
    return held().value();
  }

  /** Writes that something outside the table may be held from now on. */
  void owe(String what) {
    if (ledger.find(partition, Rows.OWED + what, OwedRow.class).isEmpty()) {
      Held<PlanRow> held = held();
      commit(
          Commit.in(partition)
              .replace(held.row(), held.row().body())
              .create(Rows.OWED + what, RowCodec.write(new OwedRow(1, what))));
    }
  }

  /** Adds a lane, before its units get rows. */
  void addLane(LaneRow lane) {
    Held<PlanRow> held = held();
    commit(
        Commit.in(partition)
            .replace(held.row(), RowCodec.write(held.value().withLanes(held.value().lanes() + 1)))
            .create(Rows.LANE_OPEN + lane.lane(), RowCodec.write(lane)));
  }

  /** Opens a lane again whose units were done. */
  void reopen(Held<LaneRow> lane) {
    Held<PlanRow> held = held();
    String name = lane.value().lane();
    commit(
        Commit.in(partition)
            .replace(held.row(), held.row().body())
            .create(Rows.LANE_OPEN + name, lane.row().body())
            .delete(lane.row()));
  }

  void held(long units) {
    Held<PlanRow> held = held();
    commit(Commit.in(partition).replace(held.row(), RowCodec.write(held.value().withHeld(units))));
  }

  void finished(long units) {
    Held<PlanRow> held = held();
    commit(
        Commit.in(partition).replace(held.row(), RowCodec.write(held.value().withFinished(units))));
  }

  /** Notes that all of a restore is visible. */
  void shown() {
    Held<PlanRow> held = held();
    if (!held.value().shown()) {
      commit(Commit.in(partition).replace(held.row(), RowCodec.write(held.value().asShown())));
    }
  }

  /** Works, and gives the turn back however that ends, so that the next try need not wait. */
  List<Next> during(Supplier<List<Next>> work) {
    List<Next> next;
    try {
      next = work.get();
    } catch (TransientFailure | PermanentFailure | LeaseLost e) {
      release(e);
      throw e;
    }
    release();
    return next;
  }

  private void release(RuntimeException because) {
    try {
      release();
    } catch (TransientFailure | LeaseLost e) {
      because.addSuppressed(e);
    }
  }

  private void release() {
    Held<PlanRow> held = held();
    ledger.commit(
        Commit.in(partition)
            .replace(held.row(), RowCodec.write(held.value().leased("", restUntil, turn))));
  }

  private void commit(Commit commit) {
    if (!ledger.commit(commit)) {
      throw new LeaseLost("the plan of " + partition + " moved on");
    }
  }

  private Held<PlanRow> held() {
    return ledger
        .find(partition, Rows.PLAN, PlanRow.class)
        .filter(held -> held.value().turn() == turn)
        .orElseThrow(() -> new LeaseLost("the plan of " + partition + " has another turn"));
  }
}
