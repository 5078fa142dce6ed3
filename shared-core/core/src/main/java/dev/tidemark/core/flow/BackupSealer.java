package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.vault.CensusText;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.events.WorkItem;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Seals a backup once every unit is done: FINALIZING, an index object per lane, the manifest,
 * SUCCESS. All objects are functions of rows and of the plan, so racing sealers write the same;
 * each lane's digest is kept in its row, so that the next slice goes on where this one ended.
 */
final class BackupSealer implements Step {
  private static final String DROPPED = "dropped after the backup was planned, before it was read";

  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final DroppedShards dropped;
  private final LaneKeeper lanes;
  private final Facts facts;
  private final RunEnder ender;
  private final Ownership ownership;

  BackupSealer(
      Platform platform,
      Ledger ledger,
      Archives archives,
      DroppedShards dropped,
      LaneKeeper lanes,
      RunEnder ender) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
    this.dropped = dropped;
    this.lanes = lanes;
    this.facts = new Facts(ledger);
    this.ender = ender;
    this.ownership = new Ownership(platform);
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<Held<RunRow>> held = ledger.run(item.run());
    if (held.isEmpty() || held.get().value().kind() != RunRow.Kind.BACKUP) {
      return List.of();
    }
    return switch (held.get().value().status()) {
      case TRANSFERRING -> transferred(held.get(), item);
      case TRANSFERRED -> finalizing(held.get(), item);
      case FINALIZING -> seal(held.get(), item, slice);
      case VOIDING -> ender.voidOut(item.run());
      case SUCCESS -> RunEnder.close(item.run());
      default -> List.of();
    };
  }

  private List<Next> transferred(Held<RunRow> held, WorkItem item) {
    RunRow run = held.value();
    if (ledger.any(Rows.ofRun(run.id()), Rows.LANE_OPEN)) {
      return lanes.begin(run);
    }
    replace(held, run.with(Status.TRANSFERRED, now()));
    return List.of(Next.now(item));
  }

  /** The count stands beside the rows: a plan that lost some of them must not be sealed. */
  private List<Next> finalizing(Held<RunRow> held, WorkItem item) {
    RunRow run = held.value();
    long done = 0;
    for (Held<LaneRow> lane : ledger.all(Rows.ofRun(run.id()), Rows.LANE_DONE, LaneRow.class)) {
      done += lane.value().units();
    }
    if (done != run.units()) {
      throw PermanentFailure.of(PermanentFailure.Kind.FAILED, "run " + run.id())
          .expected(run.units() + " units done, as planned")
          .found(String.valueOf(done))
          .hint("start a new backup, and report this");
    }
    replace(held, run.with(Status.FINALIZING, now()));
    return List.of(Next.now(item));
  }

  private List<Next> seal(Held<RunRow> held, WorkItem item, Slice slice) {
    RunRow run = held.value();
    Archive archive = archives.of(run);
    for (Held<LaneRow> lane : ledger.all(Rows.ofRun(run.id()), Rows.LANE_DONE, LaneRow.class)) {
      if (lane.value().index().isEmpty()) {
        index(run, archive, lane);
        if (slice.over()) {
          return List.of(Next.now(item));
        }
      }
    }
    Plan plan = plan(run);
    Map<String, DroppedRow> gone = dropped.ofRun(run);
    Plan left = plan.without(gone);
    facts.keepAfter(
        run, left.collections(), platform.site().engine(run.config(), run.cluster()).catalog());
    ownership.requireOurs(archive.vault(), run.clusterId());
    Map<String, String> missing = new TreeMap<>(facts.missing(run));
    plan.shards(gone).forEach(shard -> missing.put(shard.canonicalName(), DROPPED));
    Manifest manifest = manifest(run, left, missing, archive);
    archive.vault().seal(manifest);
    boolean ended = ender.succeed(held, row -> row.sealed(manifest.header()));
    return ended ? RunEnder.close(run.id()) : List.of(Next.now(item));
  }

  private void index(RunRow run, Archive archive, Held<LaneRow> held) {
    LaneRow lane = held.value();
    Map<String, DroppedRow> gone = dropped.ofLane(run, lane.lane());
    List<UnitRecord> records = new ArrayList<>();
    List<Row> done = ledger.rows(Rows.ofLane(run.id(), lane.lane()), Rows.DONE);
    if (done.size() != lane.units()) {
      throw PermanentFailure.of(PermanentFailure.Kind.FAILED, "lane " + lane.lane())
          .expected(lane.units() + " units done, as planned")
          .found(String.valueOf(done.size()))
          .hint("start a new backup, and report this");
    }
    for (Row row : done) {
      DroppedRow some = gone.get(row.sort().substring(Rows.DONE.length()));
      if (some == null || !some.all()) {
        UnitRecord record = LaneText.parse(row.partition() + " " + row.sort(), row.body());
        List<Shard> planned = archive.shards(run, record.unit(), record.shards());
        records.add(record.withShards(some == null ? planned : some.left(planned)));
      }
    }
    String sha256 =
        archive.putLane(run.clusterId(), run.writer(), run.backupId(), lane.lane(), records);
    Map<String, Long> notes = new TreeMap<>();
    records.forEach(record -> record.notes().forEach((kind, n) -> notes.merge(kind, n, Long::sum)));
    LaneRow indexed =
        new LaneRow(
            1,
            lane.lane(),
            lane.node(),
            lane.units(),
            sha256,
            records.stream().mapToLong(UnitRecord::entries).sum(),
            records.stream().mapToLong(UnitRecord::files).sum(),
            records.stream().mapToLong(UnitRecord::bytes).sum(),
            records.stream().mapToLong(UnitRecord::stored).sum(),
            notes);
    ledger.commit(Commit.in(held.row().partition()).replace(held.row(), RowCodec.write(indexed)));
  }

  private Plan plan(RunRow run) {
    return archives
        .of(run)
        .plan(run.clusterId(), run.writer())
        .orElseThrow(
            () ->
                PermanentFailure.of(PermanentFailure.Kind.DAMAGED, "run " + run.id())
                    .expected("its plan in the vault")
                    .found("none"));
  }

  private Manifest manifest(RunRow run, Plan plan, Map<String, String> missing, Archive archive) {
    List<Manifest.IndexRef> index = new ArrayList<>();
    Map<String, Long> notes = new TreeMap<>();
    MessageDigest root = TreeDigest.sha256();
    long entries = 0;
    long files = 0;
    long bytes = 0;
    long stored = 0;
    Map<String, Integer> units = new HashMap<>();
    plan.lanes().forEach(lane -> units.put(lane.lane(), lane.units().size()));
    for (Held<LaneRow> held : ledger.all(Rows.ofRun(run.id()), Rows.LANE_DONE, LaneRow.class)) {
      LaneRow lane = held.value();
      String name = VaultKeys.indexName(run.writer(), LaneText.what(lane.lane()));
      var ref = new Manifest.IndexRef(name, lane.index(), units.getOrDefault(lane.lane(), 0));
      index.add(ref);
      entries += lane.entries();
      files += lane.files();
      bytes += lane.bytes();
      stored += lane.stored();
      lane.notes().forEach((kind, n) -> notes.merge(kind, n, Long::sum));
      archive.records(
          run.clusterId(), ref, record -> root.update(HexFormat.of().parseHex(record.root())));
    }
    List<Manifest.IndexRef> lanesOnly = List.copyOf(index);
    archive
        .putCoverage(
            run.clusterId(),
            run.writer(),
            run.backupId(),
            missing,
            facts.alsoIncluded(run),
            lanesOnly)
        .ifPresent(index::add);
    archive.schemaRef(run.clusterId(), run.writer(), run.backupId()).ifPresent(index::add);
    CensusText.Census census = facts.census(run);
    if (!census.isEmpty()) {
      index.add(archive.putCensus(run.clusterId(), run.writer(), run.backupId(), census));
    }
    RunRow.BackupFacts asked = run.facts();
    return new Manifest(
        new Manifest.Header(
            archive.vault().id(),
            run.backupId(),
            run.cluster(),
            run.clusterId(),
            asked.engine(),
            asked.engineVersion(),
            asked.fingerprint(),
            run.writer(),
            Instant.ofEpochMilli(run.created()),
            Instant.ofEpochMilli(run.sealed()),
            asked.consistency(),
            asked.scope(),
            plan.units(),
            entries,
            files,
            bytes,
            stored,
            notes,
            missing.size(),
            facts.unreachable(run),
            asked.base(),
            asked.policy(),
            asked.labels(),
            asked.compression(),
            asked.chunk(),
            "none",
            run.config(),
            platform.version(),
            HexFormat.of().formatHex(root.digest())),
        new Manifest.Body(
            plan.nodes(), plan.collections(), asked.include(), asked.exclude(), index));
  }

  private void replace(Held<RunRow> held, RunRow run) {
    ledger.commit(Commit.in(held.row().partition()).replace(held.row(), RowCodec.write(run)));
  }

  private long now() {
    return platform.clock().instant().toEpochMilli();
  }
}
