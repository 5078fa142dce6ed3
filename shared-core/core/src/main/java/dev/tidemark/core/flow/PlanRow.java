package dev.tidemark.core.flow;

/**
 * The planner's cursor: every commit that adds rows to the run replaces it, so of two planners one
 * goes on.
 *
 * @param owner whose turn it is; empty for nobody's
 * @param leaseEnd milliseconds since the epoch
 * @param turn how many turns there were
 * @param lanes how many lanes are there
 * @param held how many units of a restore, in the order of lanes and keys, were found to be still
 *     where they were written
 * @param finished how far a restore's finisher came: units committed
 * @param shown whether the engine has finished a restore, so that all of it is visible
 */
record PlanRow(
    int v,
    String owner,
    long leaseEnd,
    int turn,
    int lanes,
    long held,
    long finished,
    boolean shown) {

  static PlanRow fresh() {
    return new PlanRow(1, "", 0, 0, 0, 0, 0, false);
  }

  PlanRow leased(String worker, long end, int newTurn) {
    return new PlanRow(v, worker, end, newTurn, lanes, held, finished, shown);
  }

  PlanRow withLanes(int newLanes) {
    return new PlanRow(v, owner, leaseEnd, turn, newLanes, held, finished, shown);
  }

  PlanRow withHeld(long newHeld) {
    return new PlanRow(v, owner, leaseEnd, turn, lanes, newHeld, finished, shown);
  }

  PlanRow withFinished(long newFinished) {
    return new PlanRow(v, owner, leaseEnd, turn, lanes, held, newFinished, shown);
  }

  PlanRow asShown() {
    return new PlanRow(v, owner, leaseEnd, turn, lanes, held, finished, true);
  }
}
