package dev.tidemark.core.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives the bytes of a cluster's units. Every call may be repeated after a crash or a lost reply,
 * by another process, and finds what the first one began.
 *
 * <p>A unit is one shard, or several: a bin of small shards of one collection on one node, at most
 * {@link #shardsPerUnit} of them. Its snapshot is one of each shard, which need not be of one
 * moment, and its tree has each shard in a folder of its own ({@link BinReader}); the order of the
 * shards means nothing. It is READY when all are, is gone when one of them is, and is released with
 * all of them; a snapshot that is taken anew takes only those that are not there.
 */
public interface Source {

  /**
   * The most shards of one unit. 1 where each shard is a unit of its own; more only where the
   * catalog knows the sizes of shards, and no path in a shard is longer than half of {@link
   * dev.tidemark.core.tree.EntryPath#MAX_BYTES}.
   */
  int shardsPerUnit();

  /**
   * Refuses a backup that cannot be made as things are. Changes nothing, and starts nothing; asked
   * when a backup is requested.
   *
   * @param collections all that the run would read
   * @throws dev.tidemark.core.failure.PermanentFailure saying what is in the way
   */
  void check(List<String> collections);

  /**
   * Looks at everything that backups need, beyond the first thing in their way that {@link #check}
   * would name, and at what does harm later only. Starts nothing, and leaves nothing behind.
   *
   * @param collections all that a run would read
   * @return in the order in which they are to be mended
   */
  default List<Condition> inspect(List<String> collections) {
    return List.of(
        Condition.of(
            "a backup can be made as things are",
            () -> {
              check(collections);
              return "";
            }));
  }

  /**
   * Prepares a run, once: a hook, or the one native backup of an engine that has only that. Called
   * before the shards are listed, until it answers READY.
   *
   * @param collections all that the run will read
   * @throws dev.tidemark.core.failure.PermanentFailure where it failed; the run fails
   */
  Progress prepare(RunToken token, List<String> collections);

  /**
   * The shards of a prepared run, as {@link Catalog#shards} pages them, where what {@link #prepare}
   * made holds its own set of them: a shard that was made or dropped since then is of no concern.
   * Nothing where the catalog's are those to be read.
   *
   * @param after and {@code limit} as {@link Catalog#shards} has them
   */
  default Optional<List<Shard>> shards(RunToken token, @Nullable String after, int limit) {
    return Optional.empty();
  }

  /**
   * The definitions of collections where what {@link #prepare} made holds them, for {@link
   * Target#prepare}; they are of the moment of the data. Nothing where {@link Catalog#schema} tells
   * them.
   */
  default Optional<String> schema(RunToken token, List<String> collections) {
    return Optional.empty();
  }

  /**
   * Finds or begins the run's snapshot of a unit.
   *
   * @param unit the unit's key; with the token it names the snapshot
   * @return READY with the snapshot's name, or LATER
   * @throws ShardsDropped where shards of it were dropped since the backup was planned: asked again
   *     without them, it may be had
   * @throws dev.tidemark.core.failure.PermanentFailure where the unit cannot be had
   */
  Progress snapshot(RunToken token, String unit, List<Shard> shards);

  /**
   * Opens a snapshot for reading.
   *
   * @throws SnapshotGone where it does not exist any more (expired, node lost)
   */
  UnitReader open(RunToken token, String unit, List<Shard> shards, String snapshot);

  /** Gives up a unit's snapshot. One that is not there is released. */
  void release(RunToken token, String unit, List<Shard> shards, String snapshot);

  /**
   * Gives up everything that the run holds on the engine: snapshots, and what {@link #prepare}
   * began. Succeeds where there is nothing; called again until it has succeeded, or {@link
   * #heldAtMost} is long over. A node that does not answer keeps no other from giving up its share.
   */
  void releaseAll(RunToken token);

  /**
   * For how long the engine holds anything of a run of which it hears nothing more; what is left
   * then, it removes by itself. Empty where something may be held for ever. Should the engine, or
   * one of its nodes, never answer again, a run that has ended stops asking for its release some
   * time after this.
   */
  Optional<Duration> heldAtMost();

  /**
   * Whether what a run holds may be held on while the run, failed, waits to be resumed. False where
   * that would hurt, like a frozen file system; then it is released at once, and a resumed run
   * prepares again and takes new snapshots.
   */
  boolean keepsForResume();

  /**
   * Whether something that takes its time is ready.
   *
   * @param ready false: ask again after {@code delay}
   * @param name of what is ready; empty where it needs none
   * @param delay how long to wait; zero where ready
   * @param why what is waited for, if that is not the engine's own work, in words for a person
   */
  record Progress(boolean ready, String name, Duration delay, String why) {
    public static Progress ready(String name) {
      return new Progress(true, name, Duration.ZERO, "");
    }

    public static Progress later(Duration delay) {
      return later(delay, "");
    }

    public static Progress later(Duration delay, String why) {
      return new Progress(false, "", delay, why);
    }
  }
}
