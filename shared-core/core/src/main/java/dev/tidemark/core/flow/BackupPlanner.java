package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Plans a backup: what stands between the request and the first unit. The plan itself is a
 * create-only object of the vault; a planner that finds one follows it, whatever it would have
 * planned itself, so that two planners who saw two topologies make one backup.
 */
final class BackupPlanner implements Step {
  private final Platform platform;
  private final Ledger ledger;
  private final LaneKeeper lanes;
  private final Archives archives;
  private final RowFiller filler;
  private final Facts facts;
  private final Ownership ownership;

  BackupPlanner(Platform platform, Ledger ledger, Archives archives, LaneKeeper lanes) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
    this.lanes = lanes;
    this.facts = new Facts(ledger);
    this.filler = new RowFiller(ledger);
    this.ownership = new Ownership(platform);
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

  private List<Next> plan(Held<RunRow> started, PlanCursor turn, WorkItem item, Slice slice) {
    Archive archive = archives.of(started.value());
    ownership.takeIfFree(archive.vault(), started.value().clusterId());
    Held<RunRow> held = confirmBase(started, archive);
    RunRow run = held.value();
    StorageEngine engine = platform.site().engine(run.config(), run.cluster());
    RunToken token = new RunToken(platform.deployment(), run.writer());

    Catalog catalog = engine.catalog();
    ClusterDescription description = catalog.describe();
    Selection selection = Selection.checked(run.facts().include(), run.facts().exclude());
    List<String> collections =
        description.collections().stream().filter(selection::touches).toList();
    facts.keepBefore(run, description, collections, catalog);
    if (engine.guard().isPresent()) {
      turn.owe("guard");
      Guard guard = engine.guard().get();
      guard.take(token, guard.timeToLive());
    }
    turn.owe("engine");
    Source.Progress prepared = engine.source().prepare(token, collections);
    if (!prepared.ready()) {
      if (!prepared.why().isEmpty()) {
        platform.events().waits(item, prepared.why());
      }
      turn.rest(platform.clock().instant().plus(prepared.delay()));
      return List.of(new Next(item, prepared.delay()));
    }
    Base base = base(run, archive);
    var bins = new Bins(platform.settings().bins(), engine.source().shardsPerUnit(), base);
    Plan plan =
        archive
            .plan(run.clusterId(), run.writer())
            .orElseGet(
                () ->
                    archive.keepPlan(
                        run.clusterId(),
                        run.writer(),
                        run.backupId(),
                        ManifestRoom.require(
                            run,
                            archive.vault().id(),
                            platform.version(),
                            make(select(run, selection, engine, token), bins))));
    String schema =
        engine.source().schema(token, collections).orElseGet(() -> catalog.schema(collections));
    archive.keepSchema(run.clusterId(), run.writer(), run.backupId(), schema);
    facts.keepAnswers(run, plan.shards(), catalog);
    if (!filler.fill(run, plan, base.lanes(), turn, slice)) {
      return List.of(Next.now(item));
    }
    Commit commit =
        Commit.in(Rows.cluster(run.cluster()))
            .replace(
                held.row(),
                RowCodec.write(
                    run.planned(plan.units(), platform.clock().instant().toEpochMilli())));
    return ledger.commit(commit) ? lanes.begin(run) : List.of(Next.now(item));
  }

  /** The base was pinned by the commit that started the run; now it cannot go any more. */
  private Held<RunRow> confirmBase(Held<RunRow> held, Archive archive) {
    RunRow run = held.value();
    String base = run.facts().base();
    String clusterId = run.facts().baseClusterId();
    if (base == null || clusterId == null || archive.vault().exists(clusterId, base)) {
      return held;
    }
    String partition = Rows.cluster(run.cluster());
    Held<BackupRow> row =
        ledger
            .find(partition, Rows.backup(run.vault(), base), BackupRow.class)
            .orElseThrow(() -> new LeaseLost("the row of base " + base + " is gone"));
    Commit commit =
        Commit.in(partition)
            .replace(held.row(), RowCodec.write(run.withoutBase()))
            .replace(
                row.row(),
                RowCodec.write(row.value().unpinned(run.id()).with(BackupRow.State.MISSING)));
    if (!ledger.commit(commit)) {
      throw new LeaseLost("run " + run.id() + " moved on");
    }
    return ledger.requireRun(run.id());
  }

  /**
   * What is known to be missing is left out: what goes missing later fails its unit, unless it was
   * dropped.
   */
  private List<Shard> select(
      RunRow run, Selection selection, StorageEngine engine, RunToken token) {
    Set<String> missing = facts.missing(run).keySet();
    List<Shard> shards = new ArrayList<>();
    Catalog catalog = engine.catalog();
    Source source = engine.source();
    ShardPages.each(
        (after, limit) ->
            source.shards(token, after, limit).orElseGet(() -> catalog.shards(after, limit)),
        shard -> {
          if (selection.takes(shard) && !missing.contains(shard.canonicalName())) {
            shards.add(shard);
          }
        });
    return shards;
  }

  private Plan make(List<Shard> shards, Bins bins) {
    Map<String, List<Shard>> byNode = new TreeMap<>();
    for (Shard shard : shards) {
      byNode.computeIfAbsent(shard.node(), node -> new ArrayList<>()).add(shard);
    }
    Map<String, List<Plan.Unit>> units = new TreeMap<>();
    byNode.forEach((node, ofNode) -> units.put(node, bins.units(ofNode)));
    return new Plan(LaneKeeper.divide(units, platform.settings().laneUnits()));
  }

  private static Base base(RunRow run, Archive archive) {
    String base = run.facts().base();
    String clusterId = run.facts().baseClusterId();
    if (base == null || clusterId == null) {
      return Base.NONE;
    }
    return archive
        .vault()
        .manifest(clusterId, base)
        .map(manifest -> Base.of(archive, clusterId, manifest))
        .orElse(Base.NONE);
  }
}
