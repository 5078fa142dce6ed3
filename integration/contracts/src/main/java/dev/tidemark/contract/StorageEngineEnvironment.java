package dev.tidemark.contract;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.UnitReader;
import java.time.Duration;
import java.util.Map;

/**
 * A cluster of a user's own, with at least two collections, each of them one shard or several. The
 * first shard holds, among other things, at least three regular files of different sizes, one of
 * them larger than 100 kB. Where the engine gives several shards as one unit, two shards of one
 * collection are on one node.
 */
public interface StorageEngineEnvironment {

  /**
   * The deployment whose runs these are; another one for each test where an engine remembers the
   * names of runs that are over.
   */
  default String deployment() {
    return "contract";
  }

  /** A new client of the cluster, as another process would have one. */
  StorageEngine open();

  /**
   * A client whose runs hold nothing for longer than a few seconds, where an engine removes by
   * itself what nobody uses.
   */
  default StorageEngine openBriefly() {
    return open();
  }

  /**
   * Whether what has not changed keeps a strong identity. Where it does not, no identity is strong,
   * everything is read, and a cluster that was made anew need not be told from what it was.
   */
  default boolean provesIdentities() {
    return true;
  }

  /** The user changes content of the first shard, and adds to it. */
  void change();

  /** The cluster is lost, and made anew under the same name. */
  void recreate();

  /**
   * Everything that is the user's, so that equal answers mean that nothing of it was touched; with
   * things among it that look like a run's, but are none.
   */
  Object belongings();

  /** A {@link TargetUnit#place} where nothing is yet, or empty where an engine has only one. */
  String place();

  /** A name for a collection that is free, as the engine spells names. */
  default String free() {
    return "restored";
  }

  /**
   * What a user finds in a shard: things to digests of them.
   *
   * @param snapshot of the shard, taken since it was changed last
   */
  Map<?, String> content(Shard shard, UnitReader snapshot);

  /** What a user finds at a target, as {@link #content} says it; empty where nothing is visible. */
  Map<?, String> at(TargetUnit target);

  /** What restores have begun, and not made visible, is lost, as where disks are replaced. */
  void loseBegun();

  /** Lets time pass. */
  void pass(Duration time);
}
