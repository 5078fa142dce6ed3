package dev.tidemark.core.flow;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.events.WorkItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans a restore: pins the backup, then makes the rows. The plan is a function of the backup and
 * of the request, so racing planners make the same.
 */
final class RestorePlanner implements Step {
  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final LaneKeeper lanes;
  private final BackupPin pin;
  private final RowFiller filler;

  RestorePlanner(Platform platform, Ledger ledger, Archives archives, LaneKeeper lanes) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
    this.lanes = lanes;
    this.pin = new BackupPin(platform, ledger, archives);
    this.filler = new RowFiller(ledger);
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<Held<RunRow>> held = ledger.run(item.run());
    if (held.isPresent() && held.get().value().status() == Status.TRANSFERRING) {
      return lanes.begin(held.get().value());
    }
    if (held.isEmpty() || held.get().value().status() != Status.STARTED) {
      return List.of();
    }
    Optional<PlanCursor> turn = PlanCursor.take(platform, ledger, held.get(), slice);
    if (turn.isEmpty()) {
      return List.of();
    }
    return turn.get().during(() -> plan(held.get(), turn.get(), item, slice));
  }

  private List<Next> plan(Held<RunRow> held, PlanCursor turn, WorkItem item, Slice slice) {
    RunRow run = held.value();
    Archive archive = archives.of(run);
    Vault vault = archive.vault();
    turn.owe("pin");
    pin.take(run, "restores it");
    Manifest manifest =
        vault.manifest(run.clusterId(), run.backupId()).orElseThrow(() -> BackupPin.gone(run));
    turn.owe("engine");

    RestoreMapping mapping = RestoreMapping.of(run);
    Map<String, String> laneOf = new HashMap<>();
    Plan plan = plan(run, mapping, archive, manifest, laneOf);
    platform
        .site()
        .engine(run.config(), run.cluster())
        .target()
        .prepare(
            new RunToken(platform.deployment(), run.writer()),
            archive.schema(manifest),
            plan.lanes().stream()
                .flatMap(lane -> lane.units().stream())
                .map(unit -> mapping.target(unit.unit(), unit.shards().get(0)))
                .toList());
    if (!filler.fill(run, plan, laneOf, turn, slice)) {
      return List.of(Next.now(item));
    }
    Commit commit =
        Commit.in(held.row().partition())
            .replace(
                held.row(),
                RowCodec.write(
                    run.planned(laneOf.size(), platform.clock().instant().toEpochMilli())));
    return ledger.commit(commit) ? lanes.begin(run) : List.of(Next.now(item));
  }

  private Plan plan(
      RunRow run,
      RestoreMapping mapping,
      Archive archive,
      Manifest manifest,
      Map<String, String> laneOf) {
    Selection selection = Selection.checked(run.wish().include(), run.wish().exclude());
    List<Plan.Unit> units = new ArrayList<>();
    for (Manifest.IndexRef lane : Archive.lanes(manifest)) {
      LaneIndex index = LaneIndex.of(lane);
      archive.records(
          run.clusterId(),
          lane,
          record -> {
            for (Shard shard : UnitShards.of(record).all()) {
              if (selection.takes(shard) && mapping.paths(shard).isPresent()) {
                units.add(add(record, shard, index, laneOf));
              }
            }
          });
    }
    return new Plan(
        units.isEmpty()
            ? List.of()
            : LaneKeeper.divide(Map.of("", units), platform.settings().laneUnits()));
  }

  /** A shard of a bin is restored as if it was a unit of its own, and knows its bin. */
  private static Plan.Unit add(
      UnitRecord record, Shard shard, LaneIndex index, Map<String, String> laneOf) {
    String name = shard.canonicalName();
    String key = RestoreMapping.unit(record, shard);
    LaneIndex place = key.equals(record.unit()) ? index : index.inBin(record.unit());
    if (laneOf.put(key, place.toString()) != null) {
      throw PermanentFailure.of(PermanentFailure.Kind.DAMAGED, "index object " + index.name())
          .expected("each shard in one unit of the backup")
          .found(name + " in two");
    }
    return new Plan.Unit(key, name, List.of(shard));
  }
}
