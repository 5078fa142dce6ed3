package dev.tidemark.core.memory;

import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.memory.InMemoryCluster.Holding;
import dev.tidemark.core.memory.InMemoryCluster.Place;
import dev.tidemark.core.memory.InMemoryCluster.Staged;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What a writer has not synced is lost with the writer. */
record InMemoryTarget(InMemoryCluster cluster) implements Target {

  @Override
  public List<Room> rooms(List<TargetUnit> units) {
    return units.stream().map(this::room).toList();
  }

  private Room room(TargetUnit unit) {
    synchronized (cluster) {
      Holding holding = cluster.shards.get(place(unit).canonical());
      return new Room(
          holding == null ? "" : "a shard with " + holding.files.size() + " entries",
          place(unit).toString(),
          OptionalLong.of(cluster.free(0)),
          "cluster " + cluster.name,
          "");
    }
  }

  @Override
  public void check(String schema, List<TargetUnit> units) {
    units.forEach(unit -> requireDefined(schema, unit));
  }

  @Override
  public void prepare(RunToken token, String schema, List<TargetUnit> units) {
    synchronized (cluster) {
      check(schema, units);
      for (TargetUnit unit : units) {
        if (!cluster.staged.getOrDefault(token, Map.of()).containsKey(key(unit))) {
          refuseExisting(unit);
        }
      }
      cluster.restores.add(token);
    }
  }

  private static void requireDefined(String schema, TargetUnit unit) {
    String collection = unit.source().collection();
    if (!List.of(schema.split("\n")).contains(collection)) {
      throw PermanentFailure.of(Kind.INVALID, "collection " + collection)
          .expected("its definition in the backup's schema")
          .found("definitions of " + schema.replace("\n", ", "));
    }
  }

  @Override
  public UnitWriter begin(RunToken token, TargetUnit unit) {
    synchronized (cluster) {
      var units = cluster.staged.get(token);
      Staged staged = units == null ? null : units.get(key(unit));
      if (staged == null) {
        refuseExisting(unit);
        requirePrepared(token);
        staged = new Staged(place(unit), cluster.nextTargetPlace());
        cluster.staged.computeIfAbsent(token, t -> new LinkedHashMap<>()).put(key(unit), staged);
      }
      return new Writer(cluster, staged);
    }
  }

  /** A restore that went on without its preparation would be seen by no auditor. */
  private void requirePrepared(RunToken token) {
    if (!cluster.restores.contains(token)) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "restore " + token.name())
          .expected("one that was prepared on cluster " + cluster.name)
          .found("none: the cluster was made anew, or gave it up")
          .hint("`restore resume` prepares the cluster again");
    }
  }

  private void refuseExisting(TargetUnit unit) {
    if (cluster.shards.containsKey(place(unit).canonical()) && !(unit.replace() && unit.whole())) {
      throw PermanentFailure.of(Kind.CONFLICT, "shard " + place(unit))
          .expected("nothing there")
          .found("a shard that exists")
          .hint("restore under another name, or allow replacing it");
    }
  }

  @Override
  public boolean holds(RunToken token, TargetUnit unit, String place) {
    synchronized (cluster) {
      Staged staged = cluster.staged.getOrDefault(token, Map.of()).get(key(unit));
      return staged == null ? cluster.finished.contains(place) : staged.name.equals(place);
    }
  }

  @Override
  public void commit(RunToken token, TargetUnit unit, String place) {
    synchronized (cluster) {
      if (!holds(token, unit, place)) {
        throw new PlaceGone("%s is not at %s any more".formatted(place(unit), place));
      }
      Staged staged = cluster.staged.getOrDefault(token, Map.of()).get(key(unit));
      if (staged == null) {
        return;
      }
      if (staged.committed) {
        return;
      }
      refuseExisting(unit);
      Holding old = cluster.shards.get(staged.place.canonical());
      var made = new Holding(staged.place, old == null ? "restored" : old.node);
      for (FileMeta meta : staged.ended.values()) {
        byte[] bytes = staged.written.getOrDefault(meta.path(), new byte[0]);
        boolean file = meta.type() == FileType.FILE;
        cluster.store(made, meta, file ? Arrays.copyOf(bytes, (int) meta.size()) : new byte[0]);
      }
      staged.replaced = old;
      staged.committed = true;
      staged.written.clear();
      staged.ended.clear();
      cluster.shards.put(staged.place.canonical(), made);
    }
  }

  @Override
  public void abort(RunToken token, TargetUnit unit) {
    synchronized (cluster) {
      Map<String, Staged> units = cluster.staged.getOrDefault(token, new HashMap<>());
      Staged staged = units.get(key(unit));
      if (staged != null && !staged.committed) {
        units.remove(key(unit));
      }
    }
  }

  @Override
  public Source.Progress finish(RunToken token) {
    synchronized (cluster) {
      Map<String, Staged> units = cluster.staged.getOrDefault(token, new HashMap<>());
      units.values().stream()
          .filter(staged -> staged.committed)
          .forEach(staged -> cluster.finished.add(staged.name));
      units.values().removeIf(staged -> staged.committed);
      if (units.isEmpty()) {
        cluster.staged.remove(token);
      }
      cluster.restores.remove(token);
      return Source.Progress.ready("");
    }
  }

  @Override
  public void discard(RunToken token) {
    var unused = finish(token);
  }

  private static Place place(TargetUnit unit) {
    String in = unit.place().isEmpty() ? "" : unit.place() + "/";
    return new Place(in + unit.collection(), unit.shard());
  }

  private static String key(TargetUnit unit) {
    return unit.unit() + " " + place(unit);
  }

  /** Keeps what is written to itself until it is told to sync. */
  private static final class Writer implements UnitWriter {
    private final InMemoryCluster cluster;
    private final Staged staged;
    private final Map<EntryPath, byte[]> written = new TreeMap<>();
    private final Map<EntryPath, FileMeta> ended = new TreeMap<>();

    Writer(InMemoryCluster cluster, Staged staged) {
      this.cluster = cluster;
      this.staged = staged;
    }

    @Override
    public String place() {
      return staged.name;
    }

    @Override
    public long written(EntryPath path) {
      synchronized (cluster) {
        byte[] bytes = staged.written.get(path);
        return bytes == null ? 0 : bytes.length;
      }
    }

    @Override
    public void write(EntryPath path, long offset, ByteBuffer bytes) {
      synchronized (cluster) {
        byte[] before = written.get(path);
        if (before == null) {
          before = staged.written.getOrDefault(path, new byte[0]);
        }
        int end = Math.toIntExact(offset + bytes.remaining());
        byte[] after = Arrays.copyOf(before, Math.max(before.length, end));
        bytes.get(after, (int) offset, bytes.remaining());
        written.put(path, after);
        requireRoom();
      }
    }

    private void requireRoom() {
      if (cluster.free(written.values().stream().mapToLong(b -> b.length).sum()) < 0) {
        throw new TransientFailure("the cluster " + cluster.name + " is full");
      }
    }

    @Override
    public void end(FileMeta meta) {
      ended.put(meta.path(), meta);
    }

    @Override
    public void sync() {
      synchronized (cluster) {
        if (cluster.isLost(staged)) {
          throw new PlaceGone("%s is not at %s any more".formatted(staged.place, staged.name));
        }
        if (!staged.committed) {
          staged.written.putAll(written);
          staged.ended.putAll(ended);
        }
      }
      written.clear();
      ended.clear();
    }

    @Override
    public void close() {}
  }
}
