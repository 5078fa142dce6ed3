package dev.tidemark.core.flow;

import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps at most {@code width} units of each lane out, a node's lanes in turn, and notices when the
 * last unit and the last lane is done.
 *
 * <p>Units are claimed in the order of their keys and leave the {@code open:} rows when they are
 * done, so the claimed ones are always the first.
 *
 * <p>A claim is committed before it is sent, and who claims may die in between. Then the item comes
 * back for whose sake he did, and it alone: so a unit's row names its claimer.
 */
final class LaneKeeper implements Step {
  /** The claimer of the first units of a lane; that of others is the unit which has made room. */
  private static final String FILLING = "fill";

  private static final String NOBODY = "";

  /** Long enough for whoever claims to send too, unless he is dead. */
  private static final Duration SENT_WITHIN = Duration.ofSeconds(10);

  /** Longer than any backoff, so that an item which waits for its next try is not lost. */
  private static final Duration LOST_AFTER = Duration.ofMinutes(15);

  /** So many shards' names are far from what one text object may hold. */
  private static final int LANE_SHARDS = 20_000;

  private final Platform platform;
  private final Ledger ledger;

  LaneKeeper(Platform platform, Ledger ledger) {
    this.platform = platform;
    this.ledger = ledger;
  }

  /** Divides the units of each node into lanes, in the order of their keys. */
  static List<Plan.Lane> divide(Map<String, List<Plan.Unit>> byNode, int laneUnits) {
    List<Plan.Lane> lanes = new ArrayList<>();
    int node = 0;
    for (Map.Entry<String, List<Plan.Unit>> each : byNode.entrySet()) {
      List<Plan.Unit> units =
          each.getValue().stream().sorted((a, b) -> a.unit().compareTo(b.unit())).toList();
      int from = 0;
      for (int lane = 0; from < units.size(); lane++) {
        int to = end(units, from, laneUnits);
        lanes.add(
            new Plan.Lane(
                String.format(Locale.ROOT, "%04d-%06d", node, lane),
                each.getKey(),
                units.subList(from, to)));
        from = to;
      }
      node++;
    }
    return lanes;
  }

  private static int end(List<Plan.Unit> units, int from, int laneUnits) {
    int most = Math.min(units.size(), from + laneUnits);
    int to = from;
    for (int shards = 0; to < most; to++) {
      shards += units.get(to).shards().size();
      if (shards > LANE_SHARDS && to > from) {
        return to;
      }
    }
    return most;
  }

  /** What sets a planned run going, or going again: the first open lane of each node. */
  List<Next> begin(RunRow run) {
    List<Next> next = new ArrayList<>();
    String node = "";
    for (Held<LaneRow> held : ledger.all(Rows.ofRun(run.id()), Rows.LANE_OPEN, LaneRow.class)) {
      String lane = held.value().lane();
      if (!nodeOf(lane).equals(node)) {
        node = nodeOf(lane);
        next.add(Next.now(WorkItem.ofLane(WorkItem.Kind.LANE_FILL, run.id(), lane)));
      }
    }
    return next.isEmpty() ? List.of(Next.now(allDone(run))) : next;
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<Held<RunRow>> run = ledger.runIn(item.run(), Status.TRANSFERRING);
    if (run.isEmpty() || item.lane() == null) {
      return List.of();
    }
    return fill(run.get().value(), item.lane(), item);
  }

  /**
   * Claims units up to the width and sends them. An item that was here before cannot tell whether
   * what it claimed then was sent: it comes once more, a little later, and sends what still waits.
   *
   * @param item to fill the lane, or of a unit of it that is open no more
   */
  List<Next> fill(RunRow run, String lane, WorkItem item) {
    String claimer = item.unit() == null ? FILLING : item.unit();
    List<Held<UnitRow>> open = claimable(run, lane);
    boolean late = item.attempt() > 0;
    List<Next> next = new ArrayList<>(claim(run, lane, open, claimer, late, item));
    if (!late && open.stream().anyMatch(unit -> isUnsure(run, unit.value(), claimer))) {
      next.add(new Next(item.again(), SENT_WITHIN));
    }
    return next;
  }

  /**
   * Whether there is something to claim, to send again, or nothing left. An item that only waits is
   * none that was lost: were it sent again with every look, there would be more of them with every
   * look.
   */
  boolean isStalled(RunRow run, String lane) {
    List<Held<UnitRow>> open = claimable(run, lane);
    return open.isEmpty() || open.stream().anyMatch(unit -> isDue(run, unit.value()));
  }

  private List<Held<UnitRow>> claimable(RunRow run, String lane) {
    return ledger.first(Rows.ofLane(run.id(), lane), Rows.OPEN, width(run), UnitRow.class);
  }

  /**
   * What is unsure is sent again once and then has no claimer, so that an item of which there are
   * many does not make as many of each unit.
   *
   * @param late whether so much time has passed that what this claimer sent would have begun
   * @param again what is to be asked once more where others were quicker
   */
  private List<Next> claim(
      RunRow run,
      String lane,
      List<Held<UnitRow>> open,
      String claimer,
      boolean late,
      WorkItem again) {
    if (open.isEmpty()) {
      return laneDone(run, lane);
    }
    List<Held<UnitRow>> claimed = new ArrayList<>();
    Commit commit = Commit.in(Rows.ofLane(run.id(), lane));
    for (Held<UnitRow> unit : open) {
      boolean due = isDue(run, unit.value());
      if (due || (late && isUnsure(run, unit.value(), claimer))) {
        UnitRow sent = sent(run, unit.value(), due ? claimer : NOBODY);
        commit = commit.replace(unit.row(), RowCodec.write(sent));
        claimed.add(unit);
      }
    }
    if (claimed.isEmpty()) {
      return List.of();
    }
    return ledger.commit(commit)
        ? claimed.stream().map(unit -> Next.now(first(run, lane, unit.value()))).toList()
        : List.of(Next.now(again));
  }

  private boolean isDue(RunRow run, UnitRow unit) {
    return isFree(unit)
        && (!unit.claimed()
            || unit.resumes() != run.resumes()
            || unit.lostAt() <= platform.clock().instant().toEpochMilli()
            || platform.workers().gone(unit.sender()));
  }

  /** Whether its claimer may have died before he sent it; where that is known, it is due. */
  private boolean isUnsure(RunRow run, UnitRow unit, String claimer) {
    return claimer.equals(unit.claimer()) && isFree(unit) && !isDue(run, unit);
  }

  private boolean isFree(UnitRow unit) {
    Instant now = platform.clock().instant();
    return !unit.isWaiting(now.toEpochMilli())
        && !Leases.live(platform, unit.owner(), unit.leaseEnd(), now);
  }

  private UnitRow sent(RunRow run, UnitRow unit, String claimer) {
    long lost = platform.clock().instant().plus(LOST_AFTER).toEpochMilli();
    return unit.sent(platform.workers().self(), lost, claimer, run.resumes());
  }

  /** The item with which a unit goes on. */
  static WorkItem first(RunRow run, String lane, UnitRow unit) {
    WorkItem.Kind kind =
        run.kind() == RunRow.Kind.RESTORE
            ? WorkItem.Kind.UNIT_RESTORE
            : unit.snapshot() == null ? WorkItem.Kind.UNIT_SNAPSHOT : WorkItem.Kind.UNIT_TRANSFER;
    return WorkItem.ofUnit(kind, run.id(), lane, unit.unit(), unit.epoch());
  }

  /**
   * Moves a unit from open to done, and claims the next one of its lane in the same commit.
   *
   * @throws LeaseLost where the unit's row has changed
   */
  List<Next> unitDone(RunRow run, String lane, Held<UnitRow> unit, String doneBody) {
    String partition = Rows.ofLane(run.id(), lane);
    String claimer = unit.value().unit();
    Optional<Held<UnitRow>> following =
        ledger.first(partition, Rows.OPEN, width(run) + 1, UnitRow.class).stream()
            .filter(each -> !each.value().claimed())
            .findFirst();
    Commit done = Commit.in(partition).create(Rows.DONE + claimer, doneBody).delete(unit.row());
    if (following.isPresent()) {
      UnitRow claimed = sent(run, following.get().value(), claimer);
      if (ledger.commit(done.replace(following.get().row(), RowCodec.write(claimed)))) {
        return List.of(Next.now(first(run, lane, claimed)));
      }
    }
    if (!ledger.commit(done)) {
      throw new LeaseLost("unit " + claimer + " moved on");
    }
    WorkItem fill = WorkItem.ofLane(WorkItem.Kind.LANE_FILL, run.id(), lane);
    return claim(run, lane, claimable(run, lane), claimer, false, fill);
  }

  private List<Next> laneDone(RunRow run, String lane) {
    String partition = Rows.ofRun(run.id());
    ledger
        .find(partition, Rows.LANE_OPEN + lane, LaneRow.class)
        .ifPresent(
            held ->
                ledger.commit(
                    Commit.in(partition)
                        .create(Rows.LANE_DONE + lane, held.row().body())
                        .delete(held.row())));
    String ofNode = Rows.LANE_OPEN + nodeOf(lane) + "-";
    List<Held<LaneRow>> following = ledger.first(partition, ofNode, 1, LaneRow.class);
    if (!following.isEmpty()) {
      String next = following.get(0).value().lane();
      return List.of(Next.now(WorkItem.ofLane(WorkItem.Kind.LANE_FILL, run.id(), next)));
    }
    return ledger.any(partition, Rows.LANE_OPEN) ? List.of() : List.of(Next.now(allDone(run)));
  }

  private static String nodeOf(String lane) {
    return lane.substring(0, lane.indexOf('-'));
  }

  private static WorkItem allDone(RunRow run) {
    return WorkItem.ofRun(
        run.kind() == RunRow.Kind.BACKUP ? WorkItem.Kind.BACKUP_SEAL : WorkItem.Kind.RESTORE_FINISH,
        run.id());
  }

  private int width(RunRow run) {
    int width = platform.site().cluster(run.config(), run.cluster()).width();
    return Math.max(1, Math.min(width, 20));
  }
}
