package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.restore.UnitRestore;
import dev.tidemark.core.transfer.Limits;
import dev.tidemark.core.transfer.UnitTransfer;
import dev.tidemark.core.vault.CensusText;
import dev.tidemark.core.vault.CoverageText;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.PartNote;
import dev.tidemark.core.vault.PlanText;
import dev.tidemark.core.vault.SchemaText;
import dev.tidemark.core.vault.TextObject;
import dev.tidemark.core.vault.Tombstone;
import dev.tidemark.core.vault.UnitEntries;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the flow keeps in a vault beside the units' own bytes: plans, indexes, manifests. */
final class Archive {
  private static final String LANE = ".lane-";

  /** How many lanes' records are remembered: units of one lane are worked one after the other. */
  private static final int LANES_KEPT = 4;

  /** Of so many runs the bins are remembered. */
  private static final int PLANS_KEPT = 2;

  private final Vault vault;
  private final UnitTransfer transfer;
  private final UnitRestore restore;
  private final Map<String, Map<String, UnitRecord>> recent = newest(LANES_KEPT);
  private final Map<String, Map<String, List<Shard>>> bins = newest(PLANS_KEPT);

  Archive(Vault vault, Platform platform) {
    this.vault = vault;
    this.transfer = new UnitTransfer(vault, platform.ids(), platform.parallelism(), Limits.DEFAULT);
    this.restore = new UnitRestore(vault.store(), platform.parallelism());
  }

  /** A map of those that were asked for last. */
  private static <T> Map<String, T> newest(int most) {
    return new LinkedHashMap<>(8, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > most;
      }
    };
  }

  /** Moves units into this vault. */
  UnitTransfer transfer() {
    return transfer;
  }

  /** Moves units out of this vault. */
  UnitRestore restore() {
    return restore;
  }

  Vault vault() {
    return vault;
  }

  /** The plan that a planner stored, if one did. */
  Optional<Plan> plan(String clusterId, String writer) {
    return vault.plan(clusterId, writer).map(Archive::read);
  }

  /** Stores a plan, unless there is one; answers the one that is there. */
  Plan keepPlan(String clusterId, String writer, String backupId, Plan plan) {
    var text = new PlanText.Writer(new PlanText.Header(clusterId, backupId, writer));
    for (Plan.Lane lane : plan.lanes()) {
      for (Plan.Unit unit : lane.units()) {
        text.add(
            new PlanText.PlanUnit(
                lane.lane(), lane.node(), unit.unit(), unit.name(), unit.shards()));
      }
    }
    try {
      vault.put(VaultKeys.index(clusterId, VaultKeys.indexName(writer, "plan")), text.finish());
      return plan;
    } catch (PermanentFailure e) {
      if (e.kind() != PermanentFailure.Kind.CONFLICT) {
        throw e;
      }
      return plan(clusterId, writer).orElseThrow(() -> e);
    }
  }

  private static Plan read(PlanText.Reader reader) {
    try (reader) {
      Map<String, Plan.Lane> lanes = new LinkedHashMap<>();
      for (PlanText.PlanUnit unit = reader.next(); unit != null; unit = reader.next()) {
        String node = unit.node();
        lanes
            .computeIfAbsent(unit.lane(), lane -> new Plan.Lane(lane, node, new ArrayList<>()))
            .units()
            .add(new Plan.Unit(unit.unit(), unit.name(), unit.shards()));
      }
      return new Plan(List.copyOf(lanes.values()));
    }
  }

  /** The lane indexes of a backup, in the order of their lanes. */
  static List<Manifest.IndexRef> lanes(Manifest manifest) {
    return manifest.body().index().stream().filter(ref -> ref.name().contains(LANE)).toList();
  }

  /** Every unit record of a lane, in order. */
  void records(String clusterId, Manifest.IndexRef lane, Consumer<UnitRecord> sink) {
    try (LaneText.Reader reader = vault.lane(clusterId, lane)) {
      for (UnitRecord record = reader.next(); record != null; record = reader.next()) {
        sink.accept(record);
      }
    }
  }

  /** The record of a unit, or of the bin that a shard is in, where its row says that it is. */
  synchronized Optional<UnitRecord> record(String clusterId, UnitRow row) {
    LaneIndex lane = LaneIndex.parse(row.baseLane());
    String unit = lane.bin().isEmpty() ? row.unit() : lane.bin();
    return Optional.ofNullable(
        recent
            .computeIfAbsent(clusterId + "/" + lane.name(), key -> load(clusterId, lane))
            .get(unit));
  }

  private Map<String, UnitRecord> load(String clusterId, LaneIndex lane) {
    Map<String, UnitRecord> records = new LinkedHashMap<>();
    records(clusterId, lane.ref(), each -> records.put(each.unit(), each));
    return records;
  }

  /** What a unit of a running backup is made of: of a bin only the plan says it. */
  synchronized List<Shard> shards(RunRow run, String unit, List<Shard> inRow) {
    if (!inRow.isEmpty()) {
      return inRow;
    }
    List<Shard> shards = bins.computeIfAbsent(run.id(), id -> bins(run)).get(unit);
    if (shards == null) {
      throw PermanentFailure.of(PermanentFailure.Kind.DAMAGED, "run " + run.id())
          .expected("the shards of unit " + unit + " in its plan")
          .found("no such unit");
    }
    return shards;
  }

  private Map<String, List<Shard>> bins(RunRow run) {
    Map<String, List<Shard>> several = new HashMap<>();
    Plan plan = plan(run.clusterId(), run.writer()).orElse(new Plan(List.of()));
    for (Plan.Lane lane : plan.lanes()) {
      for (Plan.Unit unit : lane.units()) {
        if (unit.inRow().isEmpty()) {
          several.put(unit.unit(), unit.shards());
        }
      }
    }
    return several;
  }

  /**
   * Stores the index of a lane.
   *
   * @return the digest of its plaintext
   */
  String putLane(
      String clusterId, String writer, String backupId, String lane, List<UnitRecord> records) {
    var text = new LaneText.Writer(new LaneText.Header(clusterId, backupId, lane));
    records.forEach(text::add);
    return put(clusterId, VaultKeys.indexName(writer, LaneText.what(lane)), text.finish());
  }

  Manifest.IndexRef putCensus(
      String clusterId, String writer, String backupId, CensusText.Census census) {
    String name = VaultKeys.indexName(writer, "census");
    return new Manifest.IndexRef(
        name, put(clusterId, name, CensusText.write(clusterId, backupId, census)), 0);
  }

  /** Stores the schema of a backup, unless there is one, which then is the one. */
  void keepSchema(String clusterId, String writer, String backupId, String schema) {
    if (!schema.isEmpty() && vault.schema(clusterId, writer, null).isEmpty()) {
      try {
        putSchema(clusterId, writer, backupId, schema);
      } catch (PermanentFailure e) {
        if (e.kind() != PermanentFailure.Kind.CONFLICT) {
          throw e;
        }
      }
    }
  }

  /** The reference to a schema that was kept; nothing where none was. */
  Optional<Manifest.IndexRef> schemaRef(String clusterId, String writer, String backupId) {
    String schema = vault.schema(clusterId, writer, null);
    return schema.isEmpty()
        ? Optional.empty()
        : Optional.of(putSchema(clusterId, writer, backupId, schema));
  }

  private Manifest.IndexRef putSchema(
      String clusterId, String writer, String backupId, String schema) {
    String name = VaultKeys.indexName(writer, "schema");
    return new Manifest.IndexRef(
        name, put(clusterId, name, SchemaText.write(clusterId, backupId, schema)), 0);
  }

  /** The definitions of a sealed backup's collections; empty where the engine has none. */
  String schema(Manifest manifest) {
    return manifest.body().index().stream()
        .filter(ref -> ref.name().endsWith(".schema"))
        .findFirst()
        .map(
            ref ->
                vault.schema(
                    manifest.header().clusterId(), manifest.header().writer(), ref.sha256()))
        .orElse("");
  }

  /**
   * Stores what the backup does not hold, and what it holds beside shards; nothing where there is
   * nothing to say.
   */
  Optional<Manifest.IndexRef> putCoverage(
      String clusterId,
      String writer,
      String backupId,
      Map<String, String> missing,
      Map<String, String> included,
      List<Manifest.IndexRef> lanes) {
    var text = new CoverageText.Writer(clusterId, backupId);
    missing.forEach(text::missing);
    included.forEach(text::included);
    long[] notes = {missing.size() + included.size()};
    for (Manifest.IndexRef lane : lanes) {
      records(
          clusterId,
          lane,
          record -> {
            for (PartNote note : notes(clusterId, record)) {
              text.note(record.unit(), note);
              notes[0]++;
            }
          });
    }
    if (notes[0] == 0) {
      return Optional.empty();
    }
    String name = VaultKeys.indexName(writer, "coverage");
    return Optional.of(new Manifest.IndexRef(name, put(clusterId, name, text.finish()), 0));
  }

  private List<PartNote> notes(String clusterId, UnitRecord record) {
    if (record.notes().isEmpty()) {
      return List.of();
    }
    try (UnitEntries entries =
        UnitEntries.open(vault.store(), clusterId, record.unit(), record.parts())) {
      while (entries.next() != null) {
        // The notes of a part are known once its entries were read.
      }
      return entries.notes().stream().limit(CoverageText.NOTES_PER_UNIT).toList();
    }
  }

  private String put(String clusterId, String name, TextObject.Finished text) {
    vault.put(VaultKeys.index(clusterId, name), text);
    return text.sha256();
  }

  /** Whether this id is used up: by a manifest or by a tombstone. */
  boolean knows(String clusterId, String backupId) {
    return vault.exists(clusterId, backupId) || vault.isDeleted(clusterId, backupId);
  }

  void bury(String clusterId, String backupId, String reason, Instant time) {
    vault.delete(new Tombstone(clusterId, backupId, reason, time));
  }

  /** The incarnation of a cluster name that has a backup of this id, by the vault alone. */
  Optional<String> clusterIdOf(String cluster, String backupId) {
    return vault.clusters().stream()
        .filter(id -> isOf(id, cluster))
        .filter(id -> vault.manifest(id, backupId).isPresent())
        .findFirst();
  }

  private static boolean isOf(String clusterId, String cluster) {
    return clusterId.length() == cluster.length() + 9 && clusterId.startsWith(cluster + "-");
  }

  /** What was counted and answered around the backup's snapshots. */
  CensusText.Census census(Manifest manifest) {
    return manifest.body().index().stream()
        .filter(ref -> ref.name().endsWith(".census"))
        .findFirst()
        .map(ref -> vault.census(manifest.header().clusterId(), ref))
        .orElse(new CensusText.Census(List.of(), List.of()));
  }
}
