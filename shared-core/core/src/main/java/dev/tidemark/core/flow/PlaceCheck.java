package dev.tidemark.core.flow;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.restore.UnitRestore;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;

/**
 * Looks whether the units of a restore are still where they were written, before any is made
 * visible, and opens those again that are not: a node may have lost its disk since.
 *
 * <p>A lane is opened before its units. Who still believes that all of it is done may close it
 * meanwhile; then the next look finds fewer done units than the lane has, and opens it again.
 */
final class PlaceCheck {
  private final Platform platform;
  private final Ledger ledger;
  private final RunRow run;
  private final PlanCursor turn;

  PlaceCheck(Platform platform, Ledger ledger, RunRow run, PlanCursor turn) {
    this.platform = platform;
    this.ledger = ledger;
    this.run = run;
    this.turn = turn;
  }

  /** What a look found. */
  enum Found {
    /** Every unit is there. */
    ALL,
    /** Some are not done, or were opened again. */
    NOT_ALL,
    /** The slice ended before all were looked at. */
    NOT_YET
  }

  Found look(Slice slice) {
    Target target = platform.site().engine(run.config(), run.cluster()).target();
    long held = turn.row().held();
    long at = 0;
    boolean opened = false;
    for (Held<LaneRow> lane : ledger.all(Rows.ofRun(run.id()), Rows.LANE_DONE, LaneRow.class)) {
      if (at + lane.value().units() <= held) {
        at += lane.value().units();
        continue;
      }
      long until = at + lane.value().units();
      boolean laneOpened = false;
      String partition = Rows.ofLane(run.id(), lane.value().lane());
      for (Held<UnitRow> unit : ledger.all(partition, Rows.DONE, UnitRow.class)) {
        if (at++ < held) {
          continue;
        }
        if (!isThere(target, unit.value())) {
          if (!laneOpened) {
            open(lane, held);
          }
          reopen(partition, unit);
          laneOpened = true;
          opened = true;
        }
        if (!opened) {
          held = at;
        }
        if (slice.over()) {
          turn.held(held);
          return opened ? Found.NOT_ALL : Found.NOT_YET;
        }
      }
      if (at < until && !laneOpened) {
        open(lane, held);
        opened = true;
      }
      at = until;
    }
    turn.held(held);
    return opened || at != run.units() ? Found.NOT_ALL : Found.ALL;
  }

  private void open(Held<LaneRow> lane, long held) {
    turn.held(held);
    turn.reopen(lane);
  }

  private boolean isThere(Target target, UnitRow unit) {
    return target.holds(
        new RunToken(platform.deployment(), run.writer()),
        RestoreMapping.of(run).target(unit),
        place(unit));
  }

  /** Where a done unit was written; empty where a release wrote it that named no place. */
  static String place(UnitRow done) {
    return done.checkpoint() == null ? "" : UnitRestore.Checkpoint.parse(done.checkpoint()).place();
  }

  private void reopen(String partition, Held<UnitRow> done) {
    UnitRow open = done.value().reopened();
    ledger.commit(
        Commit.in(partition)
            .create(Rows.OPEN + open.unit(), RowCodec.write(open))
            .delete(done.row()));
  }
}
