package dev.tidemark.core.flow;

import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.core.time.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the rows of a plan. The units of a lane are added behind a cursor row that each commit
 * replaces: a filler that sleeps finds its cursor moved, and cannot bring back a unit that is done.
 */
final class RowFiller {
  private static final int UNITS_PER_COMMIT = StateTable.MAX_CHANGES - 1;

  private final Ledger ledger;

  RowFiller(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Goes on where the rows end.
   *
   * @param baseLanes unit key to the lane index that has its record; none where there is no entry
   * @return false where the slice was over before the rows were complete
   */
  boolean fill(RunRow run, Plan plan, Map<String, String> baseLanes, PlanCursor turn, Slice slice) {
    List<Plan.Lane> all = plan.lanes();
    int known = turn.row().lanes();
    // The last known lane may be filled in part; a lane is known before its units, so that closing
    // the run finds them all.
    for (int i = Math.max(0, known - 1); i < all.size(); i++) {
      Plan.Lane lane = all.get(i);
      if (i >= known) {
        turn.addLane(LaneRow.open(lane.lane(), lane.node(), lane.units().size()));
      }
      if (!fillLane(run.id(), lane, baseLanes, turn, slice)) {
        return false;
      }
    }
    return true;
  }

  private boolean fillLane(
      String run, Plan.Lane lane, Map<String, String> baseLanes, PlanCursor turn, Slice slice) {
    String partition = Rows.ofLane(run, lane.lane());
    int next = 0;
    while (next < lane.units().size()) {
      Optional<Held<FillRow>> cursor = ledger.find(partition, Rows.FILL, FillRow.class);
      if (cursor.isEmpty()) {
        begin(run, partition, turn);
        continue;
      }
      next = cursor.get().value().next();
      if (next < lane.units().size()) {
        addUnits(partition, lane, next, cursor.get(), baseLanes);
        if (slice.over()) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Makes the cursor, and looks once more whether it is this filler's turn: one that slept until
   * its run was closed would leave rows that nobody deletes.
   */
  private void begin(String run, String partition, PlanCursor turn) {
    ledger.commit(Commit.in(partition).create(Rows.FILL, RowCodec.write(new FillRow(1, 0))));
    try {
      turn.row();
    } catch (LeaseLost e) {
      if (ledger.run(run).filter(held -> !held.value().closed()).isEmpty()) {
        ledger.discard(partition, List.of(Rows.FILL));
      }
      throw e;
    }
  }

  private void addUnits(
      String partition,
      Plan.Lane lane,
      int from,
      Held<FillRow> cursor,
      Map<String, String> baseLanes) {
    int to = Math.min(lane.units().size(), from + UNITS_PER_COMMIT);
    String moved = RowCodec.write(new FillRow(1, to));
    Commit commit = Commit.in(partition).replace(cursor.row(), moved);
    for (Plan.Unit unit : lane.units().subList(from, to)) {
      UnitRow row =
          UnitRow.open(
              unit.unit(),
              unit.name(),
              lane.node(),
              unit.inRow(),
              baseLanes.getOrDefault(unit.unit(), ""));
      commit = commit.create(Rows.OPEN + unit.unit(), RowCodec.write(row));
    }
    if (!ledger.commit(commit)) {
      throw new LeaseLost("the rows of " + partition + " moved on");
    }
  }
}
