package dev.tidemark.core.flow;

import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.restore.PathFilter;
import dev.tidemark.core.restore.UnitRestore;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.transfer.Meter;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.events.WorkItem;
import java.util.List;

/**
 * Writes a shard beside what exists, for as long as its slice lasts; nothing is visible yet. How
 * far it has come holds only for the place where it was written: on another one it starts anew.
 */
final class ShardRestorer implements Step {
  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final LaneKeeper lanes;

  ShardRestorer(Platform platform, Ledger ledger, Archives archives, LaneKeeper lanes) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
    this.lanes = lanes;
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    return UnitStep.run(platform, ledger, lanes, item, slice, this::restore);
  }

  private List<Next> restore(RunRow run, String lane, UnitLease lease, Slice slice) {
    UnitRow unit = lease.unit();
    Archive archive = archives.of(run);
    UnitRecord record =
        archive
            .record(run.clusterId(), unit)
            .orElseThrow(
                () ->
                    PermanentFailure.of(PermanentFailure.Kind.DAMAGED, "unit " + unit.name())
                        .expected("its record in " + unit.baseLane())
                        .found("none"));
    RestoreMapping mapping = RestoreMapping.of(run);
    Shard shard = unit.shards().get(0);
    RunToken token = new RunToken(platform.deployment(), run.writer());
    Target target = platform.site().engine(run.config(), run.cluster()).target();
    Meter meter = platform.meters().of(run.id(), unit.name(), unit.node());
    var job =
        new UnitRestore.Job(
            run.clusterId(),
            record,
            UnitShards.of(record).folder(shard),
            PathFilter.of(mapping.paths(shard).orElse(List.of())),
            unit.checkpoint() == null
                ? UnitRestore.Checkpoint.START
                : UnitRestore.Checkpoint.parse(unit.checkpoint()));
    UnitRestore.Outcome outcome;
    try (Target.UnitWriter writer = target.begin(token, mapping.target(unit))) {
      outcome =
          archive
              .restore()
              .run(job, writer, slice, meter, checkpoint -> lease.progressed(checkpoint.toJson()));
    } catch (PlaceGone e) {
      lease.put(lease.unit().released());
      WorkItem again = LaneKeeper.first(run, lane, lease.unit());
      platform.events().failed(again, e);
      return List.of(Next.now(again));
    } catch (LeaseLost e) {
      // Who slept until its run was closed has just begun what nobody will abort.
      if (ledger.run(run.id()).filter(held -> held.value().closed()).isPresent()) {
        target.abort(token, mapping.target(unit));
      }
      throw e;
    }
    if (outcome instanceof UnitRestore.Done written) {
      UnitRow done = lease.unit().progressed(written.end().toJson()).released();
      return lanes.unitDone(run, lane, lease.held(), RowCodec.write(done));
    }
    lease.put(lease.unit().released());
    return List.of(Next.now(LaneKeeper.first(run, lane, lease.unit())));
  }
}
