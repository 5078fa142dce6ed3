package dev.tidemark.core.flow;

import dev.tidemark.core.engine.BinName;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.vault.PartList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open unit.
 *
 * @param name canonical
 * @param shards the one that it is; none where it is a bin, whose shards only the plan has
 * @param claimed whether it was sent; then something of the run may be on the engine for it
 * @param epoch how many leases there were
 * @param owner who holds the lease; empty for nobody
 * @param leaseEnd milliseconds since the epoch; with no owner, when to ask for the snapshot again
 * @param attempts leases in a row without progress, since the resume numbered {@code resumes}
 * @param snapshot the engine's name for it; null while there is none
 * @param checkpoint of the mover, as it wrote it; null at the start of a snapshot
 * @param sender who sent the last item for it, before there was a lease; empty for nobody
 * @param lostAt when that item, if nothing came of it, counts as lost; milliseconds since the epoch
 * @param claimer for whose sake it was sent ({@link LaneKeeper}), before there was a lease; empty
 *     for none's
 * @param own this run's parts of snapshots that are gone
 * @param baseLane for a backup the lane index of the base that has the unit, for a restore that of
 *     the backup, and where the shard is in a bin the bin ({@link LaneIndex}); empty where there is
 *     none
 * @param dropped how many of its shards were dropped before they were read; which, is in {@link
 *     DroppedRow}
 */
record UnitRow(
    int v,
    String unit,
    String name,
    String node,
    List<Shard> shards,
    boolean claimed,
    int epoch,
    String owner,
    long leaseEnd,
    int attempts,
    int resumes,
    @Nullable String snapshot,
    @Nullable String checkpoint,
    String sender,
    long lostAt,
    String claimer,
    List<PartList> own,
    String baseLane,
    int dropped) {

  static UnitRow open(String unit, String name, String node, List<Shard> shards, String baseLane) {
    return new UnitRow(
        1, unit, name, node, shards, false, 0, "", 0, 0, 0, null, null, "", 0, "", List.of(),
        baseLane, 0);
  }

  /** Its name for people. */
  String title() {
    return BinName.words(name);
  }

  /** An item for it is about to be sent, and until it counts as lost there need be no other. */
  UnitRow sent(String by, long lost, String claimer, int resume) {
    int before = resume == resumes ? attempts : 0;
    return new UnitRow(
        v,
        unit,
        name,
        node,
        shards,
        true,
        epoch,
        "",
        0,
        before,
        resume,
        snapshot,
        checkpoint,
        by,
        lost,
        claimer,
        own,
        baseLane,
        dropped);
  }

  /** Nobody need look at it before then. */
  UnitRow waiting(long until) {
    return copy(claimed, epoch, "", until, 0, resumes, snapshot, checkpoint, own);
  }

  /** Whether a look at it is due later: what comes before is a duplicate. */
  boolean isWaiting(long now) {
    return owner.isEmpty() && leaseEnd > now;
  }

  /** A snapshot alone is no progress: it may be gone before anything of it is stored. */
  UnitRow snapshotted(String name) {
    return copy(claimed, epoch, "", 0, Math.max(0, attempts - 1), resumes, name, checkpoint, own);
  }

  UnitRow leased(String worker, long end, int resume) {
    int before = resume == resumes ? attempts : 0;
    return copy(true, epoch + 1, worker, end, before + 1, resume, snapshot, checkpoint, own);
  }

  UnitRow progressed(String newCheckpoint) {
    return copy(claimed, epoch, owner, leaseEnd, 0, resumes, snapshot, newCheckpoint, own);
  }

  UnitRow released() {
    return copy(claimed, epoch, "", 0, attempts, resumes, snapshot, checkpoint, own);
  }

  /** The snapshot is gone: begin again, with what is stored as something to build on. */
  UnitRow withoutSnapshot(List<PartList> nowOwn) {
    return copy(claimed, epoch, "", 0, attempts, resumes, null, null, nowOwn);
  }

  /** Some of its shards are not there any more, which is progress: so many in all. */
  UnitRow dropped(int shards) {
    return new UnitRow(
        v,
        unit,
        name,
        node,
        this.shards,
        claimed,
        epoch,
        "",
        0,
        0,
        resumes,
        null,
        null,
        sender,
        lostAt,
        "",
        own,
        baseLane,
        shards);
  }

  /** A done unit, of which the target has lost what was written: written from its start. */
  UnitRow reopened() {
    return new UnitRow(
        v, unit, name, node, shards, true, epoch, "", 0, 0, resumes, null, null, "", 0, "", own,
        baseLane, dropped);
  }

  /** What it becomes from its first lease on. */
  private UnitRow copy(
      boolean c,
      int e,
      String o,
      long end,
      int a,
      int r,
      @Nullable String s,
      @Nullable String cp,
      List<PartList> newOwn) {
    return new UnitRow(
        v, unit, name, node, shards, c, e, o, end, a, r, s, cp, sender, lostAt, "", newOwn,
        baseLane, dropped);
  }
}
