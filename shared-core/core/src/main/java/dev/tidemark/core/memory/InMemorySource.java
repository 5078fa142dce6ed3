package dev.tidemark.core.memory;

import dev.tidemark.core.engine.BinReader;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.ShardsDropped;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.memory.InMemoryCluster.Holding;
import dev.tidemark.core.memory.InMemoryCluster.Place;
import dev.tidemark.core.memory.InMemoryCluster.Snapshot;
import dev.tidemark.core.memory.InMemoryCluster.StoredFile;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Snapshots are copies, so reading is stable unless the cluster's mood is {@code live}. */
record InMemorySource(InMemoryCluster cluster) implements Source {
  private static final Duration SOON = Duration.ofSeconds(3);
  private static final int SHARDS_PER_UNIT = 256;

  @Override
  public void check(List<String> collections) {}

  @Override
  public Progress prepare(RunToken token, List<String> collections) {
    synchronized (cluster) {
      cluster.use(token);
      int asked = cluster.prepared.merge(token, 1, Integer::sum);
      int laters = cluster.chance(cluster.mood.mostLaters() + 1, "prepare", token.writer());
      return asked > laters ? Progress.ready("") : Progress.later(SOON);
    }
  }

  @Override
  public int shardsPerUnit() {
    return SHARDS_PER_UNIT;
  }

  @Override
  public Progress snapshot(RunToken token, String unit, List<Shard> shards) {
    synchronized (cluster) {
      cluster.use(token);
      Map<Place, Snapshot> held = cluster.snapshotsOf(token, unit);
      List<Shard> dropped =
          shards.stream()
              .filter(each -> !held.containsKey(place(each)))
              .filter(each -> !cluster.shards.containsKey(place(each).canonical()))
              .toList();
      if (!dropped.isEmpty()) {
        throw new ShardsDropped(dropped);
      }
      boolean ready = true;
      for (Shard shard : shards) {
        Place place = place(shard);
        Snapshot snapshot = held.get(place);
        if (snapshot == null) {
          snapshot = begin(token, unit, place);
          held.put(place, snapshot);
        }
        ready &= snapshot.laters-- <= 0;
      }
      return ready ? Progress.ready(newest(held.values())) : Progress.later(SOON);
    }
  }

  private Snapshot begin(RunToken token, String unit, Place place) {
    Holding holding = Objects.requireNonNull(cluster.shards.get(place.canonical()));
    String name = cluster.nextSnapshotName(token, unit);
    var snapshot = new Snapshot(name, place, token, unit, new TreeMap<>(holding.files));
    snapshot.laters = cluster.chance(cluster.mood.mostLaters() + 1, "laters", name);
    snapshot.expiring =
        cluster.chance(100, "expires", name) < cluster.mood.expiring()
            && cluster.expiredOnce.add(token.name() + " " + unit);
    cluster.snapshots.put(name, snapshot);
    return snapshot;
  }

  /**
   * The name of a unit's snapshot is that of its shards' last one: another one where any of them
   * was taken anew.
   */
  private static String newest(Collection<Snapshot> snapshots) {
    return snapshots.stream()
        .max(Comparator.comparingLong(Snapshot::number))
        .orElseThrow(() -> new IllegalArgumentException("a unit without shards"))
        .name;
  }

  private static Place place(Shard shard) {
    return new Place(shard.collection(), shard.shard());
  }

  @Override
  public UnitReader open(RunToken token, String unit, List<Shard> shards, String snapshot) {
    synchronized (cluster) {
      cluster.removeUnused();
      Map<Place, Snapshot> held = cluster.snapshotsOf(token, unit);
      Map<EntryPath, UnitReader> readers = new TreeMap<>();
      for (Shard shard : shards) {
        Snapshot found = held.get(place(shard));
        if (found == null || !newest(held.values()).equals(snapshot)) {
          throw new SnapshotGone("snapshot " + snapshot + " of " + shard.canonicalName());
        }
        var reader = new Reader(cluster, found.name);
        if (shards.size() == 1) {
          return reader;
        }
        readers.put(shard.folder().orElseThrow(), reader);
      }
      return new BinReader(readers);
    }
  }

  /** Those that were taken later than this one are another snapshot's. */
  @Override
  public void release(RunToken token, String unit, List<Shard> shards, String snapshot) {
    synchronized (cluster) {
      Map<Place, Snapshot> held = cluster.snapshotsOf(token, unit);
      Set<String> names = new HashSet<>();
      for (Shard shard : shards) {
        Snapshot each = held.get(place(shard));
        if (each != null && each.number() <= Snapshot.number(snapshot)) {
          names.add(each.name);
        }
      }
      cluster.snapshots.keySet().removeAll(names);
    }
  }

  @Override
  public Optional<Duration> heldAtMost() {
    synchronized (cluster) {
      return Optional.ofNullable(cluster.timeToLive);
    }
  }

  @Override
  public boolean keepsForResume() {
    return true;
  }

  @Override
  public void releaseAll(RunToken token) {
    synchronized (cluster) {
      cluster.snapshots.values().removeIf(snapshot -> token.equals(snapshot.token));
      cluster.prepared.remove(token);
    }
  }

  private record Reader(InMemoryCluster cluster, String name) implements UnitReader {

    NavigableMap<EntryPath, StoredFile> files() {
      synchronized (cluster) {
        cluster.removeUnused();
        Snapshot snapshot = cluster.snapshots.get(name);
        if (snapshot == null) {
          throw new SnapshotGone("snapshot " + name + " is not on the cluster any more");
        }
        if (!cluster.mood.live()) {
          return snapshot.files;
        }
        Holding holding = cluster.shards.get(snapshot.place.canonical());
        return holding == null ? new TreeMap<>() : new TreeMap<>(holding.files);
      }
    }

    @Override
    public boolean stable() {
      return !cluster.mood.live();
    }

    @Override
    public Listing list(Notes notes) {
      Iterator<StoredFile> files = files().values().iterator();
      return new Listing() {
        @Override
        public boolean hasNext() {
          return files.hasNext();
        }

        @Override
        public SourceFile next() {
          return source(files.next());
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public Optional<SourceFile> look(EntryPath path) {
      return Optional.ofNullable(files().get(path))
          .filter(f -> f.meta().type() == FileType.FILE)
          .map(this::source);
    }

    private SourceFile source(StoredFile file) {
      Instant trusted = file.changed().plus(cluster.mood.young());
      return new SourceFile(
          file.meta(), file.identity(), !cluster.clock.instant().isBefore(trusted));
    }

    @Override
    public Content open(EntryPath path) {
      if (!files().containsKey(path)) {
        throw new FileGone("no file " + path + " in " + name);
      }
      return new Content() {
        @Override
        public int read(long offset, ByteBuffer into) {
          StoredFile file = files().get(path);
          if (file == null || file.meta().type() != FileType.FILE) {
            throw new FileGone("no file " + path + " in " + name);
          }
          int length = file.read(offset, into);
          expire();
          return length;
        }

        @Override
        public void close() {}
      };
    }

    private void expire() {
      synchronized (cluster) {
        Snapshot snapshot = cluster.snapshots.get(name);
        if (snapshot != null && snapshot.expiring) {
          cluster.snapshots.remove(name);
        }
      }
    }

    @Override
    public void close() {}
  }
}
