package dev.tidemark.core.memory;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A database in memory: nodes, collections, and shards with files. This is the server, with what a
 * user does to it and what an auditor asks of it; any number of {@link InMemoryEngine}s are its
 * clients. It outlives them, so a crash of Tidemark is a new client. Safe for many threads.
 *
 * <p>Restoring to a {@link TargetUnit#place} makes the collection {@code place/collection}.
 */
public final class InMemoryCluster {

  /**
   * How mean the cluster is.
   *
   * @param seed chooses whatever is random
   * @param mostLaters how often at most a preparation or a snapshot answers LATER
   * @param expiring of 100 snapshots so many are gone after the first read; a unit meets that once
   * @param young files changed less than this ago have a weak identity
   * @param live whether a snapshot keeps nothing: reading shows the files as they are then
   */
  public record Mood(long seed, int mostLaters, int expiring, Duration young, boolean live) {
    public static final Mood KIND = new Mood(0, 0, 0, Duration.ZERO, false);

    public static Mood mean(long seed) {
      return new Mood(seed, 2, 10, Duration.ofSeconds(2), false);
    }
  }

  /** An entry of a shard, as it was stored. */
  public static final class StoredFile {
    private final FileMeta meta;
    private final byte[] content;
    private final long number;
    private final Instant changed;

    StoredFile(FileMeta meta, byte[] content, long number, Instant changed) {
      this.meta = meta;
      this.content = content;
      this.number = number;
      this.changed = changed;
    }

    public FileMeta meta() {
      return meta;
    }

    /** A copy of what a regular file holds; empty for all others. */
    public byte[] content() {
      return content.clone();
    }

    int read(long offset, ByteBuffer into) {
      int length = (int) Math.min(into.remaining(), Math.max(0, content.length - offset));
      if (length > 0) {
        into.put(content, (int) offset, length);
      }
      return length;
    }

    String identity() {
      return "f" + number;
    }

    Instant changed() {
      return changed;
    }
  }

  /**
   * What runs hold on the cluster, by the names they gave it. Nothing in it is the user's.
   *
   * @param snapshots names of snapshots
   * @param prepared tokens of runs that prepared to be backed up or restored
   * @param guards tokens whose guards have not expired
   * @param begun {@code token collection/shard} of targets that are not committed
   * @param replaced {@code token collection/shard} of old content kept until the run finishes
   */
  public record Holdings(
      Set<String> snapshots,
      Set<String> prepared,
      Set<String> guards,
      Set<String> begun,
      Set<String> replaced) {
    public boolean nothing() {
      return snapshots.isEmpty()
          && prepared.isEmpty()
          && guards.isEmpty()
          && begun.isEmpty()
          && replaced.isEmpty();
    }
  }

  /** The engine's names of a shard. */
  record Place(String collection, String shard) {
    /** The key of {@link #shards}, in whose order catalogs page. */
    String canonical() {
      return new Shard(collection, shard, "", 0).canonicalName();
    }

    @Override
    public String toString() {
      return shard.isEmpty() ? collection : collection + "/" + shard;
    }
  }

  /** What a shard holds. */
  static final class Holding {
    final Place place;
    String node;
    final NavigableMap<EntryPath, StoredFile> files = new TreeMap<>();

    Holding(Place place, String node) {
      this.place = place;
      this.node = node;
    }

    long bytes() {
      return files.values().stream().mapToLong(f -> f.meta().size()).sum();
    }
  }

  /** A snapshot; the user's has no token. */
  static final class Snapshot {
    final String name;
    final Place place;
    final @Nullable RunToken token;
    final String unit;
    final NavigableMap<EntryPath, StoredFile> files;
    int laters;
    boolean expiring;

    Snapshot(
        String name,
        Place place,
        @Nullable RunToken token,
        String unit,
        NavigableMap<EntryPath, StoredFile> files) {
      this.name = name;
      this.place = place;
      this.token = token;
      this.unit = unit;
      this.files = files;
    }

    /** Of a run's snapshots, later ones have larger numbers. */
    long number() {
      return number(name);
    }

    /** The number at the end of a name; 0 where there is none. */
    static long number(String name) {
      String end = name.substring(name.lastIndexOf('-') + 1);
      return end.matches("[0-9]{1,18}") ? Long.parseLong(end) : 0;
    }
  }

  /** What a target has under way, or has committed and not finished. */
  static final class Staged {
    final Place place;
    final String name;
    final NavigableMap<EntryPath, byte[]> written = new TreeMap<>();
    final NavigableMap<EntryPath, FileMeta> ended = new TreeMap<>();
    boolean committed;
    @Nullable Holding replaced;

    Staged(Place place, String name) {
      this.place = place;
      this.name = name;
    }
  }

  final InstantSource clock;
  final Mood mood;
  final String name;
  final NavigableMap<String, Holding> shards = new TreeMap<>();
  final NavigableMap<String, Snapshot> snapshots = new TreeMap<>();
  final Map<RunToken, Integer> prepared = new LinkedHashMap<>();
  final Map<RunToken, Instant> guards = new LinkedHashMap<>();
  final Map<RunToken, Instant> used = new LinkedHashMap<>();
  final Map<RunToken, Map<String, Staged>> staged = new LinkedHashMap<>();
  final Set<RunToken> restores = new LinkedHashSet<>();
  final Set<String> expiredOnce = new HashSet<>();

  /** The places of units that were committed and finished. */
  final Set<String> finished = new HashSet<>();

  long capacity = Long.MAX_VALUE;
  @Nullable Duration timeToLive;
  private long incarnation = 1;
  private long fileNumbers;
  private long snapshotNumbers;
  private long targetPlaces;

  /**
   * @param name becomes part of the fingerprint
   */
  public InMemoryCluster(String name, InstantSource clock, Mood mood) {
    this.name = name;
    this.clock = clock;
    this.mood = mood;
  }

  // What a user does.

  /** Makes an empty shard, or moves an existing one to another node. */
  public synchronized void shard(String collection, String shard, String node) {
    var place = new Place(collection, shard);
    Holding holding = shards.get(place.canonical());
    if (holding != null) {
      holding.node = node;
      return;
    }
    holding = new Holding(place, node);
    shards.put(place.canonical(), holding);
    store(holding, directory(EntryPath.ROOT), new byte[0]);
  }

  /** Writes a file and the directories above it, in a shard that exists. */
  public synchronized void write(String collection, String shard, String path, byte[] bytes) {
    EntryPath at = EntryPath.of(path.getBytes(StandardCharsets.UTF_8));
    Instant now = clock.instant();
    put(
        collection,
        shard,
        new FileMeta(
            at, FileType.FILE, bytes.length, 0644, 0, 0, now.getEpochSecond(), now.getNano(), null),
        bytes);
  }

  /** Stores an entry of any type and the directories above it, in a shard that exists. */
  public synchronized void put(String collection, String shard, FileMeta meta, byte[] bytes) {
    Holding holding = holding(new Place(collection, shard));
    for (EntryPath up = meta.path().parent(); !up.isRoot(); up = up.parent()) {
      if (!holding.files.containsKey(up)) {
        store(holding, directory(up), new byte[0]);
      }
    }
    store(holding, meta, bytes.clone());
  }

  /** Removes an entry and all below it. */
  public synchronized void remove(String collection, String shard, String path) {
    EntryPath at = EntryPath.of(path.getBytes(StandardCharsets.UTF_8));
    holding(new Place(collection, shard)).files.keySet().removeIf(p -> p.startsWith(at));
  }

  /** Drops one shard; snapshots keep what they hold. */
  public synchronized void drop(String collection, String shard) {
    shards.remove(new Place(collection, shard).canonical());
  }

  /** Drops a collection with all its shards; snapshots keep what they hold. */
  public synchronized void drop(String collection) {
    shards.values().removeIf(holding -> holding.place.collection().equals(collection));
  }

  /** Takes a snapshot of the user's own, which no run may touch. */
  public synchronized void userSnapshot(String snapshot, String collection, String shard) {
    Place place = new Place(collection, shard);
    var files = new TreeMap<>(holding(place).files);
    if (snapshots.putIfAbsent(snapshot, new Snapshot(snapshot, place, null, "", files)) != null) {
      throw new IllegalArgumentException("there is a snapshot " + snapshot);
    }
  }

  /** Everything is lost; a new cluster stands under the same name, and numbers its files anew. */
  public synchronized void recreate() {
    shards.clear();
    snapshots.clear();
    prepared.clear();
    guards.clear();
    staged.clear();
    restores.clear();
    incarnation++;
    fileNumbers = 0;
  }

  /** Every snapshot of every run is lost, as where a node restarts. The user's stay. */
  public synchronized void expireSnapshots() {
    snapshots.values().removeIf(s -> s.token != null);
  }

  /** For how long from now on what a backup holds is kept when nothing of it is heard any more. */
  public synchronized void timeToLive(Duration time) {
    timeToLive = time;
  }

  /** What restores have written and not committed is lost, as where a node lost its disk. */
  public synchronized void loseBegun() {
    staged.values().forEach(units -> units.values().removeIf(unit -> !unit.committed));
  }

  /** The cluster forgets its restores too, as where the node that knew them lost its disk. */
  public synchronized void loseRestores() {
    loseBegun();
    restores.clear();
  }

  /** How many bytes the cluster can hold. */
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  // What an auditor asks.

  /** What runs hold at this moment. */
  public synchronized Holdings holdings() {
    removeUnused();
    var ours = new TreeSet<String>();
    snapshots.forEach(
        (snapshot, s) -> {
          if (s.token != null) {
            ours.add(snapshot);
          }
        });
    var tokens = new TreeSet<String>();
    prepared.keySet().forEach(token -> tokens.add(token.name()));
    restores.forEach(token -> tokens.add(token.name()));
    var guarding = new TreeSet<String>();
    guards.forEach(
        (token, expiry) -> {
          if (clock.instant().isBefore(expiry)) {
            guarding.add(token.name());
          }
        });
    var begun = new TreeSet<String>();
    var replaced = new TreeSet<String>();
    staged.forEach(
        (token, units) ->
            units
                .values()
                .forEach(
                    unit -> {
                      if (!unit.committed) {
                        begun.add(token.name() + " " + unit.place);
                      } else if (unit.replaced != null) {
                        replaced.add(token.name() + " " + unit.place);
                      }
                    }));
    return new Holdings(ours, tokens, guarding, begun, replaced);
  }

  /** Names of the user's snapshots. */
  public synchronized Set<String> userSnapshots() {
    var names = new TreeSet<String>();
    snapshots.forEach(
        (snapshot, s) -> {
          if (s.token == null) {
            names.add(snapshot);
          }
        });
    return names;
  }

  /** Canonical names of all shards. */
  public synchronized List<String> shardNames() {
    return List.copyOf(shards.keySet());
  }

  /** A shard's entries as they are now; empty where there is no such shard. */
  public synchronized NavigableMap<EntryPath, StoredFile> files(String collection, String shard) {
    Holding holding = shards.get(new Place(collection, shard).canonical());
    return holding == null ? new TreeMap<>() : new TreeMap<>(holding.files);
  }

  // What clients do; they hold this cluster's lock.

  /** A run prepares, or takes a snapshot. */
  void use(RunToken token) {
    removeUnused();
    used.put(token, clock.instant());
  }

  /** Removes what runs hold of which nothing was heard for longer than it lives. */
  void removeUnused() {
    Duration time = timeToLive;
    if (time == null) {
      return;
    }
    Instant now = clock.instant();
    used.forEach(
        (token, last) -> {
          if (now.isAfter(last.plus(time))) {
            snapshots.values().removeIf(snapshot -> token.equals(snapshot.token));
            prepared.remove(token);
          }
        });
  }

  String fingerprint() {
    return name + "-" + incarnation;
  }

  Holding holding(Place place) {
    Holding holding = shards.get(place.canonical());
    if (holding == null) {
      throw new IllegalArgumentException("no shard " + place);
    }
    return holding;
  }

  void store(Holding holding, FileMeta meta, byte[] bytes) {
    holding.files.put(meta.path(), new StoredFile(meta, bytes, ++fileNumbers, clock.instant()));
  }

  String nextTargetPlace() {
    return "place" + ++targetPlaces;
  }

  boolean isLost(Staged one) {
    return staged.values().stream().noneMatch(units -> units.containsValue(one));
  }

  String nextSnapshotName(RunToken token, String unit) {
    return token.name() + "-" + unit + "-" + ++snapshotNumbers;
  }

  /** What is left beside all shards and so many bytes more. */
  long free(long waiting) {
    if (capacity == Long.MAX_VALUE) {
      return capacity;
    }
    return capacity - waiting - shards.values().stream().mapToLong(Holding::bytes).sum();
  }

  /** Random in [0, bound), the same for the same seed and words. */
  int chance(int bound, Object... words) {
    long mixed = mood.seed * 0x9E3779B97F4A7C15L + Objects.hash(words);
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return (int) Long.remainderUnsigned(mixed ^ (mixed >>> 31), bound);
  }

  /** A run's snapshots of a unit; there is at most one of each shard. */
  Map<Place, Snapshot> snapshotsOf(RunToken token, String unit) {
    String prefix = token.name() + "-" + unit + "-";
    Map<Place, Snapshot> held = new HashMap<>();
    snapshots.tailMap(prefix).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .filter(snapshot -> token.equals(snapshot.token) && unit.equals(snapshot.unit))
        .forEach(snapshot -> held.put(snapshot.place, snapshot));
    return held;
  }

  private FileMeta directory(EntryPath path) {
    Instant now = clock.instant();
    return new FileMeta(
        path, FileType.DIRECTORY, 0, 0755, 0, 0, now.getEpochSecond(), now.getNano(), null);
  }
}
