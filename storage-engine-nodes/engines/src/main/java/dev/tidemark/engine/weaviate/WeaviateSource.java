package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.engine.BinReader;
import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.ShardsDropped;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.StagingSweep;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.engine.weaviate.Inventory.Copy;
import dev.tidemark.engine.weaviate.NodeDescriptor.Place;
import dev.tidemark.engine.weaviate.NodeDescriptor.ShardPart;
import dev.tidemark.engine.weaviate.UnitIndex.StoredFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One native backup holds all units of a run. A unit's snapshot is named as the native backup in
 * which it is; taking it means to find its files in the chunks, and to lay these out where they are
 * compressed.
 */
record WeaviateSource(Weaviate server, WeaviateConfig config, StagingArea area, InstantSource clock)
    implements Source {
  private static final int SHARDS_PER_UNIT = 256;

  /** How long one call lays chunks out; the part at hand is stored all the same. */
  private static final Duration LAYING = Duration.ofSeconds(20);

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** Later than any clock. */
  private static final Instant EVER = Instant.ofEpochSecond(1L << 40);

  private Desk desk() {
    return new Desk(area);
  }

  private NativeBackups backups(RunToken token) {
    return new NativeBackups(server, config, desk(), clock, new Names(token));
  }

  private Activation activation(RunToken token) {
    return new Activation(server, desk(), new Names(token));
  }

  @Override
  public int shardsPerUnit() {
    return SHARDS_PER_UNIT;
  }

  @Override
  public void check(List<String> collections) {
    new Preflight(server, config, area).check(collections);
  }

  @Override
  public List<Condition> inspect(List<String> collections) {
    List<Condition> conditions = new ArrayList<>();
    conditions.addAll(new Preflight(server, config, area).inspect(collections));
    conditions.addAll(new StagingPreflight(config, area, clock).inspect());
    return conditions;
  }

  @Override
  public Progress prepare(RunToken token, List<String> collections) {
    if (collections.isEmpty()) {
      return Progress.ready("");
    }
    Progress progress = backups(token).ensure(activated(token, collections));
    if (progress.ready()) {
      activation(token).putBack();
    }
    return progress;
  }

  private List<String> activated(RunToken token, List<String> collections) {
    if (config.inactiveTenants() == WeaviateConfig.InactiveTenants.ACTIVATE
        && !server.version().includesInactive()
        && backups(token).good().isEmpty()) {
      activation(token).activate(collections);
    }
    return collections;
  }

  /** By canonical name, of the newest native backup that has the collection. */
  private Map<String, Inventory> byCollection(RunToken token) {
    Map<String, Inventory> newest = new TreeMap<>();
    for (Inventory each : backups(token).good()) {
      each.copies().forEach(copy -> newest.put(copy.collection(), each));
    }
    return newest;
  }

  @Override
  public Optional<List<Shard>> shards(RunToken token, @Nullable String after, int limit) {
    List<Shard> shards = new ArrayList<>();
    byCollection(token)
        .forEach(
            (collection, inventory) ->
                inventory.shards(config.replicas()).stream()
                    .filter(shard -> shard.collection().equals(collection))
                    .forEach(shards::add));
    return Optional.of(
        shards.stream()
            .sorted(Comparator.comparing(Shard::canonicalName))
            .filter(shard -> after == null || shard.canonicalName().compareTo(after) > 0)
            .limit(limit)
            .toList());
  }

  @Override
  public Optional<String> schema(RunToken token, List<String> collections) {
    var schema = new Definitions(config.access());
    Map<String, String> newest = backups(token).newest();
    var ids = new LinkedHashMap<String, Set<String>>();
    for (String collection : collections) {
      String id = newest.get(collection);
      if (id != null) {
        ids.computeIfAbsent(id, none -> new TreeSet<>()).add(collection);
      }
    }
    ids.forEach((id, of) -> define(schema, id, of));
    return Optional.of(schema.text());
  }

  private void define(Definitions schema, String id, Set<String> collections) {
    ClusterDescriptor descriptor =
        ClusterDescriptor.of(
            desk().read(Names.cluster(id)).orElseThrow(() -> new SnapshotGone("no " + id)));
    schema.cluster(descriptor);
    for (String node : descriptor.nodes().keySet()) {
      String key = Names.node(id, node);
      schema.node(
          key, NodeDescriptor.read(area, key, node, NodeDescriptor.Wanted.NO_FILES), collections);
    }
  }

  @Override
  public Progress snapshot(RunToken token, String unit, List<Shard> shards) {
    String collection = shards.get(0).collection();
    Inventory inventory = byCollection(token).get(collection);
    if (inventory == null) {
      return again(token, shards);
    }
    requireNoneDropped(shards.stream().filter(shard -> inventory.copy(shard).isEmpty()).toList());
    String key = index(token, inventory.id(), unit);
    if (area.head(key).isPresent()) {
      return Progress.ready(inventory.id());
    }
    try {
      Optional<UnitIndex> found = find(token, inventory, shards);
      if (found.isEmpty()) {
        return Progress.later(AT_ONCE);
      }
      desk().write(key, found.get().json());
      return Progress.ready(inventory.id());
    } catch (SnapshotGone e) {
      backups(token).lose(inventory.id(), collection);
      return again(token, shards);
    }
  }

  /** Another native backup, of a collection of which none has all chunks any more. */
  private Progress again(RunToken token, List<Shard> shards) {
    requireNoneDropped(shards);
    String collection = shards.get(0).collection();
    Progress progress = backups(token).ensure(List.of(collection));
    if (!progress.ready()) {
      return progress;
    }
    if (!byCollection(token).containsKey(collection)) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "collection " + collection)
          .expected("shards of it in native backup " + progress.name())
          .found("none: it has no files, or was dropped meanwhile")
          .hint("run the backup again");
    }
    return Progress.later(AT_ONCE);
  }

  /** Of shards of one collection, of which a native backup has none, or may have none. */
  private void requireNoneDropped(List<Shard> shards) {
    if (shards.isEmpty()) {
      return;
    }
    String collection = shards.get(0).collection();
    List<Shard> dropped = shards;
    for (JsonNode definition : server.schema().path("classes")) {
      if (definition.path("class").asText().equals(collection)) {
        Set<String> there =
            Tenancy.of(definition) ? server.tenants(collection).keySet() : allOf(shards);
        dropped =
            shards.stream()
                .filter(shard -> !Copy.isNone(shard.shard()))
                .filter(shard -> !there.contains(Inventory.nameOf(shard)))
                .toList();
      }
    }
    if (!dropped.isEmpty()) {
      throw new ShardsDropped(dropped);
    }
  }

  /** A collection without tenants has the same shards for as long as it is there. */
  private static Set<String> allOf(List<Shard> shards) {
    return shards.stream().map(Inventory::nameOf).collect(Collectors.toSet());
  }

  private static String index(RunToken token, String id, String unit) {
    var names = new Names(token);
    return names.laid(names.number(id).orElse(0), "units/" + unit + ".json");
  }

  /** The files of all shards; nothing where chunks are still being laid out. */
  private Optional<UnitIndex> find(RunToken token, Inventory inventory, List<Shard> shards) {
    List<Copy> copies = shards.stream().map(shard -> copy(inventory, shard)).toList();
    var laid = new Laid(desk(), inventory, new Names(token), until(clock.instant().plus(LAYING)));
    for (Copy copy : copies) {
      for (int chunk : copy.chunks()) {
        if (!laid.out(copy, chunk)) {
          return Optional.empty();
        }
      }
    }
    Map<String, List<StoredFile>> files = new TreeMap<>();
    for (int i = 0; i < copies.size(); i++) {
      Copy copy = copies.get(i);
      if (copy.isNone()) {
        files.put(shards.get(i).shard(), List.of());
        continue;
      }
      var found = new ShardFiles(Names.folder(copy.collection(), copy.shard()));
      for (int chunk : copy.chunks()) {
        found.add(laid.key(copy, chunk), laid.members(copy, chunk));
      }
      String descriptor = Names.node(inventory.id(), copy.node());
      ShardPart part = part(descriptor, copy);
      files.put(shards.get(i).shard(), found.files(descriptor, part));
    }
    return Optional.of(new UnitIndex(files));
  }

  private BooleanSupplier until(Instant end) {
    return () -> !clock.instant().isBefore(end);
  }

  private static Copy copy(Inventory inventory, Shard shard) {
    return inventory
        .copy(shard)
        .orElseThrow(
            () ->
                PermanentFailure.of(Kind.NOT_FOUND, "shard " + shard.canonicalName())
                    .expected(
                        "it on node %s in native backup %s".formatted(shard.node(), inventory.id()))
                    .found("none: it was dropped or moved since the backup was planned")
                    .hint("run the backup again"));
  }

  /** What a node's descriptor says of a shard. */
  private ShardPart part(String descriptor, Copy copy) {
    return copy.place().equals(Place.NONE)
        ? fromWhole(descriptor, copy)
        : NodeDescriptor.shard(area, descriptor, copy.place(), copy.shard());
  }

  /** Where an earlier version of Tidemark has looked the backup through. */
  private ShardPart fromWhole(String descriptor, Copy copy) {
    return NodeDescriptor.read(
            area,
            descriptor,
            copy.node(),
            (collection, shard) ->
                collection.equals(copy.collection()) && shard.equals(copy.shard()))
        .classes()
        .stream()
        .filter(part -> part.name().equals(copy.collection()))
        .flatMap(part -> part.shards().stream())
        .filter(part -> part.name().equals(copy.shard()))
        .findFirst()
        .orElseThrow(() -> Damage.of(descriptor, "shard " + copy.shard(), "none"));
  }

  @Override
  public UnitReader open(RunToken token, String unit, List<Shard> shards, String snapshot) {
    UnitIndex index =
        desk()
            .read(index(token, snapshot, unit))
            .map(UnitIndex::of)
            .orElseThrow(
                () ->
                    new SnapshotGone(
                        "unit %s of native backup %s is not in %s"
                            .formatted(unit, snapshot, area.description())));
    var windows = new Windows(area);
    Map<EntryPath, UnitReader> readers = new TreeMap<>();
    for (Shard shard : shards) {
      List<StoredFile> files = index.shards().get(shard.shard());
      if (files == null) {
        throw new SnapshotGone(
            "shard %s is not in native backup %s".formatted(shard.canonicalName(), snapshot));
      }
      if (shards.size() == 1) {
        return new ShardReader(area, windows, files);
      }
      readers.put(shard.folder().orElseThrow(), new ShardReader(area, windows, files));
    }
    return new BinReader(readers);
  }

  /** Gives the room of its chunks back; not of one that holds another unit's shards too. */
  @Override
  public void release(RunToken token, String unit, List<Shard> shards, String snapshot) {
    area.delete(List.of(index(token, snapshot, unit)));
    Optional<Inventory> inventory = backups(token).inventory(snapshot);
    if (inventory.isEmpty()) {
      return;
    }
    List<Copy> mine =
        shards.stream().flatMap(shard -> inventory.get().copy(shard).stream()).toList();
    var laid = new Laid(desk(), inventory.get(), new Names(token), () -> true);
    List<String> keys = new ArrayList<>();
    for (Copy copy : mine) {
      for (int chunk : copy.chunks()) {
        if (mine.containsAll(inventory.get().inChunk(copy, chunk))) {
          keys.addAll(laid.keys(copy, chunk));
        }
      }
    }
    for (int at = 0; at < keys.size(); at += StagingArea.MAX_DELETE_KEYS) {
      area.delete(keys.subList(at, Math.min(keys.size(), at + StagingArea.MAX_DELETE_KEYS)));
    }
  }

  @Override
  public void releaseAll(RunToken token) {
    activation(token).putBack();
    backups(token).end();
    Inflation.abortAll(desk(), new Names(token).prefix());
    sweep(new Names(token).prefix(), EVER);
    // What a run left whose table was lost: nobody else would ever ask for it.
    sweep("tidemark-" + token.deployment() + "-", clock.instant().minus(StagingArea.KEPT));
  }

  private void sweep(String prefix, Instant before) {
    int unused = new StagingSweep(area).remove(prefix, before);
  }

  /** As long as the place keeps it, if it removes by itself. */
  @Override
  public Optional<Duration> heldAtMost() {
    return Optional.ofNullable(area.expiry("tidemark-").objects());
  }

  @Override
  public boolean keepsForResume() {
    return true;
  }
}
