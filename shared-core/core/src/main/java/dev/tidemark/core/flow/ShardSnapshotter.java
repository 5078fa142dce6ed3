package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.ShardsDropped;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.time.Instant;
import java.util.List;

/** Finds or begins the snapshot of a unit. Never waits: what is not ready is asked again later. */
final class ShardSnapshotter implements Step {
  /** Of a unit of which nothing is left. */
  private static final String NO_RECORD = "{}";

  private final Platform platform;
  private final Ledger ledger;
  private final DroppedShards dropped;
  private final LaneKeeper lanes;

  ShardSnapshotter(Platform platform, Ledger ledger, DroppedShards dropped, LaneKeeper lanes) {
    this.platform = platform;
    this.ledger = ledger;
    this.dropped = dropped;
    this.lanes = lanes;
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    return UnitStep.run(
        platform,
        ledger,
        lanes,
        item,
        slice,
        (run, lane, lease, own) -> snapshot(run, lane, lease, item));
  }

  /** Under a lease: a run that is cancelled meanwhile is not closed before the answer is known. */
  private List<Next> snapshot(RunRow run, String lane, UnitLease lease, WorkItem item) {
    UnitRow unit = lease.unit();
    StorageEngine engine = platform.site().engine(run.config(), run.cluster());
    Source source = engine.source();
    RunToken token = new RunToken(platform.deployment(), run.writer());
    List<Shard> shards = dropped.left(run, lane, unit);
    if (shards.isEmpty()) {
      return lanes.unitDone(run, lane, lease.held(), NO_RECORD);
    }
    Source.Progress progress;
    try {
      progress = source.snapshot(token, unit.unit(), shards);
    } catch (ShardsDropped e) {
      platform.events().failed(item, e);
      requireSameCluster(run, engine.catalog(), e);
      dropped.note(run, lane, lease, e.shards());
      return List.of(Next.now(LaneKeeper.first(run, lane, lease.unit())));
    }
    if (progress.ready()) {
      lease.put(unit.snapshotted(progress.name()));
      return List.of(Next.now(LaneKeeper.first(run, lane, lease.unit())));
    }
    if (!progress.why().isEmpty()) {
      platform.events().waits(item, progress.why());
    }
    Instant again = platform.clock().instant().plus(progress.delay());
    lease.put(unit.waiting(again.toEpochMilli()));
    return List.of(new Next(LaneKeeper.first(run, lane, lease.unit()), progress.delay()));
  }

  /**
   * A schema node whose disk was wiped knows no shard any more, and below a volume that is not
   * mounted there is an empty folder: what another cluster lacks, nobody has dropped.
   */
  private static void requireSameCluster(RunRow run, Catalog catalog, ShardsDropped because) {
    String planned = run.facts().fingerprint();
    String now = catalog.fingerprint();
    if (!now.equals(planned)) {
      throw PermanentFailure.of(PermanentFailure.Kind.FAILED, "cluster " + run.cluster())
          .expected("the one whose backup was planned, " + planned)
          .found("another one, %s, that lacks some of its shards".formatted(now))
          .hint("bring back what is lost or not mounted, or back up the cluster that there is now")
          .cause(because);
    }
  }
}
