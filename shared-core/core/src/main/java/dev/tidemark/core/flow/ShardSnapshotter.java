package dev.tidemark.core.flow;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.time.Instant;
import java.util.List;

/** Finds or begins the snapshot of a unit. Never waits: what is not ready is asked again later. */
final class ShardSnapshotter implements Step {
  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final LaneKeeper lanes;

  ShardSnapshotter(Platform platform, Ledger ledger, Archives archives, LaneKeeper lanes) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
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
    if (unit.snapshot() != null) {
      lease.put(unit.released());
      return List.of(Next.now(LaneKeeper.first(run, lane, lease.unit())));
    }
    Source source = platform.site().engine(run.config(), run.cluster()).source();
    RunToken token = new RunToken(platform.deployment(), run.writer());
    List<Shard> shards = archives.of(run).shards(run, unit.unit(), unit.shards());
    Source.Progress progress = source.snapshot(token, unit.unit(), shards);
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
}
