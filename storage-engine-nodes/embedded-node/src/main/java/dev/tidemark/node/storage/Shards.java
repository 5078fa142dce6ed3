package dev.tidemark.node.storage;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.DurableFiles;
import dev.tidemark.node.schema.Schema.Assignment;
import dev.tidemark.node.schema.Schema.Assignments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards of this node by their generation. What is to be here is decided by the schema alone: a
 * folder is made only for a generation that the schema knows, so one that the schema does not know
 * any more can be removed without asking.
 */
public final class Shards implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shards.class);
  private static final String DOOMED = ".doomed-";
  private static final Comparator<ShardLine> BY_NAME =
      Comparator.comparing(ShardLine::collection)
          .thenComparing(ShardLine::shard)
          .thenComparing(ShardLine::generation);

  private final Path root;
  private final RocksSettings settings;
  private final Disk disk;
  private final InstantSource clock;
  private final Map<String, Shard> live = new ConcurrentHashMap<>();
  private final Map<String, RestoredShard> restored = new ConcurrentHashMap<>();

  /** Removes what an earlier process left half-made or half-removed. */
  public Shards(Path root, RocksSettings settings, Disk disk, InstantSource clock)
      throws IOException {
    this.root = root;
    this.settings = settings;
    this.disk = disk;
    this.clock = clock;
    for (Path child : DurableFiles.children(root)) {
      if (child.getFileName().toString().startsWith(DOOMED)
          || new ShardFolder(child).origin().read().isEmpty()) {
        DurableFiles.deleteTree(child);
      }
    }
  }

  /** Makes the empty shard that a collection in the making has here; idempotent. */
  public synchronized void make(Assignment assignment) {
    var placement = assignment.placement();
    var folder = folder(placement.generation());
    try {
      if (folder.origin().read().isPresent()) {
        return;
      }
      DurableFiles.deleteTree(folder.root());
      folder.makeFolders();
      ShardDatabase.create(settings, folder.database(), assignment.collection().dimensions())
          .close();
      DurableFiles.sync(folder.database());
      folder
          .origin()
          .write(
              new ShardOrigin(
                  assignment.collection().name(),
                  placement.name(),
                  placement.generation(),
                  false,
                  null));
    } catch (IOException | RocksDBException e) {
      throw NodeFailure.of(Kind.INTERNAL, "make shard " + assignment).found(e.toString()).cause(e);
    }
  }

  /** Makes known what the schema wants to be here, before any call can ask for it. */
  public synchronized void admit(Assignments wanted) {
    wanted.live().forEach(this::admitLive);
    restored.keySet().removeAll(wanted.live().keySet());
    wanted
        .hidden()
        .forEach(
            (generation, assignment) ->
                restored.computeIfAbsent(
                    generation, key -> new RestoredShard(folder(key), assignment, settings, disk)));
  }

  private void admitLive(String generation, Assignment assignment) {
    live.computeIfAbsent(
            generation, key -> new Shard(folder(key), assignment, settings, disk, clock))
        .assign(assignment);
  }

  /** Ends and removes what the schema does not want here any more, after its running calls. */
  public synchronized void retire(Assignments wanted) {
    Set<String> generations = wanted.generations();
    for (Shard shard : List.copyOf(live.values())) {
      String generation = shard.assignment().placement().generation();
      if (!wanted.live().containsKey(generation)) {
        shard.drop();
        live.remove(generation);
      }
    }
    restored.keySet().retainAll(wanted.hidden().keySet());
    try {
      for (Path child : DurableFiles.children(root)) {
        if (!generations.contains(child.getFileName().toString())) {
          remove(child);
        }
      }
    } catch (IOException e) {
      LOG.warn("old generations could not be removed; the next change tries again", e);
    }
  }

  private void remove(Path child) throws IOException {
    String name = child.getFileName().toString();
    Path doomed = name.startsWith(DOOMED) ? child : root.resolve(DOOMED + name);
    if (!child.equals(doomed)) {
      LOG.info("generation {} is removed", name);
      DurableFiles.move(child, doomed);
    }
    DurableFiles.deleteTree(doomed);
  }

  /** Opens all active shards, so that what cannot be opened is told at once. */
  public void open() {
    live.values().parallelStream().forEach(Shard::openIfClosed);
  }

  /**
   * @throws NodeFailure where the generation is not published, or not here
   */
  public Shard require(String generation) {
    Shard shard = live.get(generation);
    if (shard == null) {
      throw NodeFailure.of(Kind.GENERATION_UNKNOWN, "generation " + generation);
    }
    return shard;
  }

  /** The restored shard of a generation, whose folder may be still to be made. */
  public RestoredShard restored(String generation) {
    RestoredShard shard = restored.get(generation);
    if (shard == null) {
      throw NodeFailure.of(Kind.NOT_FOUND, "restored generation " + generation);
    }
    return shard;
  }

  /**
   * Makes the folder of a restored shard.
   *
   * @return whether by this call
   */
  public synchronized boolean begin(String generation) {
    try {
      RestoredShard shard = restored(generation);
      boolean fresh = !shard.begun();
      shard.makeFolder();
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException("begin restore of generation " + generation, e);
    }
  }

  /** Whether the folder of a generation is here. */
  public boolean present(String generation) {
    return reading(() -> folder(generation).origin().read().isPresent());
  }

  /** The place of a restored generation; empty where it was not begun, or is not here. */
  public Optional<String> place(String generation) {
    return reading(() -> folder(generation).place());
  }

  /** The files with which a generation was committed; empty where it was not, or is not here. */
  public Optional<CommittedFiles> committed(String generation) {
    return reading(() -> folder(generation).committed().read());
  }

  public synchronized void abort(String generation) {
    restored(generation).delete();
  }

  /** Finds or makes a snapshot; {@code made} of the answer tells which. */
  public SnapshotOutcome snapshot(String generation, String name, Duration timeToLive) {
    Snapshots.Outcome outcome = require(generation).snapshot(name, timeToLive);
    return new SnapshotOutcome(outcome.snapshot(), outcome.made());
  }

  /**
   * A snapshot that is there now.
   *
   * @param made whether it was not there before
   */
  public record SnapshotOutcome(Snapshot snapshot, boolean made) {}

  public Snapshot snapshot(String generation, String name) {
    return reading(() -> require(generation).snapshots().require(name));
  }

  public Path snapshotFile(String generation, String name, String file) {
    return reading(() -> require(generation).snapshots().file(name, file));
  }

  public void deleteSnapshot(String generation, String name) {
    reading(
        () -> {
          require(generation).snapshots().delete(name);
          return name;
        });
  }

  /** Those whose name begins so, by collection, shard and name, without their files. */
  public List<Snapshot> snapshots(String prefix) {
    var all = new ArrayList<Snapshot>();
    for (Shard shard : live.values()) {
      if (shard.status() != ShardStatus.LOST) {
        all.addAll(reading(() -> shard.snapshots().list()));
      }
    }
    return all.stream()
        .filter(snapshot -> snapshot.name().startsWith(prefix))
        .map(Snapshot::withoutFiles)
        .sorted(
            Comparator.comparing(Snapshot::collection)
                .thenComparing(Snapshot::shard)
                .thenComparing(Snapshot::name))
        .toList();
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T reading(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new UncheckedIOException("read snapshots", e);
    }
  }

  public List<ShardLine> lines() {
    var lines = new ArrayList<ShardLine>();
    live.values().forEach(shard -> lines.add(shard.line()));
    restored.values().stream()
        .filter(shard -> Files.exists(folder(shard.assignment().placement().generation()).root()))
        .forEach(shard -> lines.add(shard.line()));
    lines.sort(BY_NAME);
    return lines;
  }

  /** Measures the disk, stops writes where it is too full, removes snapshots that expired. */
  public void tick() {
    disk.measure();
    if (disk.state() == Disk.State.READONLY) {
      live.values().forEach(shard -> shard.makeReadonly(disk.reason()));
    }
    for (Shard shard : live.values()) {
      try {
        shard.sweep();
      } catch (IOException e) {
        LOG.warn("snapshots of shard {} could not be swept", shard.assignment(), e);
      }
    }
  }

  private ShardFolder folder(String generation) {
    return new ShardFolder(root.resolve(generation));
  }

  @Override
  public void close() {
    live.values().forEach(Shard::close);
  }
}
