package dev.tidemark.core.engine;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/**
 * Takes units back. A unit is written beside what exists, under the run's token, is complete by
 * {@link #commit}, and visible as a whole by then or, where the engine can show all units of a run
 * at one moment, by {@link #finish}. Every call may be repeated, also by another process.
 *
 * <p>A target may lose what was written: a node's disk is replaced, a folder is deleted. So each
 * unit is written at a <i>place</i>, which has a name of its own whenever it is begun where nothing
 * of it is, and whatever says how far the work has come holds only for its place.
 */
public interface Target {

  /**
   * What stands where units would be restored, and how much room there is. Changes nothing.
   *
   * @param units all that a run would restore, for where one goes may depend on the others
   * @return one for each, in their order
   * @throws dev.tidemark.core.failure.PermanentFailure INVALID as {@link #check}
   */
  List<Room> rooms(List<TargetUnit> units);

  /**
   * Refuses a restore that cannot be made whatever stands there. Changes nothing; asked when a
   * restore is requested.
   *
   * @param schema what {@link Catalog#schema} said when the backup was made
   * @param units all that the run would restore
   * @throws dev.tidemark.core.failure.PermanentFailure INVALID where the engine cannot take a unit
   *     as it is wanted, or not without another one
   */
  void check(String schema, List<TargetUnit> units);

  /**
   * Makes what the units of a run will be written into, invisibly: the collections. Called before
   * the first is begun.
   *
   * @param schema what {@link Catalog#schema} said when the backup was made
   * @param units all that the run restores
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT as {@link #begin}; INVALID as
   *     {@link #check}
   */
  void prepare(RunToken token, String schema, List<TargetUnit> units);

  /**
   * Begins a unit, or finds what was begun under this token.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where something exists there that
   *     is not ours and {@link TargetUnit#replace} is not set; INVALID where there is no such
   *     place; NOT_FOUND where it is not prepared (any more), with what to do
   */
  UnitWriter begin(RunToken token, TargetUnit unit);

  /**
   * Whether all that was written and synced at a place is there still, committed or not. Changes
   * nothing.
   *
   * @param place as {@link UnitWriter#place} named it
   */
  boolean holds(RunToken token, TargetUnit unit, String place);

  /**
   * Completes a written and synced unit, to stand in place of what was there if it is to be
   * replaced. Does nothing where that was done before under this token.
   *
   * @param place as {@link UnitWriter#place} named it
   * @throws PlaceGone where the unit was not begun there, or is not there any more
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where something has come there
   *     since the beginning that may not be replaced
   */
  void commit(RunToken token, TargetUnit unit, String place);

  /**
   * Whether units are visible by {@link #finish}, all at one moment; else each is by its commit.
   */
  default boolean showsAtOnce() {
    return false;
  }

  /**
   * By what name {@link Catalog#shards} has the shard of a unit that is visible; that of the
   * backup, unless an engine's names tell of nodes too.
   */
  default String shown(TargetUnit unit) {
    return unit.shard();
  }

  /** Removes what was begun and not committed, and nothing else. */
  void abort(RunToken token, TargetUnit unit);

  /**
   * Ends a run of which every unit is committed: makes visible what is not yet, and removes what
   * was replaced. READY where there is nothing to do. An engine that takes its time answers LATER,
   * and is asked again, maybe by another process, which finds what the first one began.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where something has come there
   *     since the beginning that may not be replaced
   */
  Source.Progress finish(RunToken token);

  /**
   * Ends a run that gave up, after its units were aborted: removes whatever of it is not visible,
   * and what visible units replaced. Succeeds where there is nothing.
   */
  void discard(RunToken token);

  /**
   * Where a unit goes.
   *
   * @param unit the key of the unit that the shard is, or would be: that of its canonical name
   * @param source what it was when it was backed up
   * @param collection its name on the target
   * @param node where the shard is to be placed if there is such a node; else the engine chooses
   * @param place where the target is not the configured one: for directories, the folder under
   *     which collections are restored; else empty
   * @param whole false where only some of the unit's files are restored: only to where nothing is,
   *     whatever {@code replace} says
   * @param replace whether what exists may be replaced
   */
  record TargetUnit(
      String unit,
      Shard source,
      String collection,
      String node,
      String place,
      boolean whole,
      boolean replace) {

    /** The shard's name, which stays as it was; empty where the collection is not divided. */
    public String shard() {
      return source.shard();
    }
  }

  /**
   * The state of a place.
   *
   * @param existing what is there, in words for a person; empty where the place is free
   * @param location the place itself, in words for a person
   * @param freeBytes how much can be written, where that is known
   * @param volume what shares the free bytes, in words for a person; equal for all units on it
   * @param limit why no more can be written than is free, if that is not all of the disk, in words
   *     for a person; empty where there is nothing to say
   */
  record Room(
      String existing, String location, OptionalLong freeBytes, String volume, String limit) {}

  /**
   * Writes one unit; for one thread. Entries may come in any order that has parents first; where
   * only some files are restored, parents that never come are made with plain attributes. The root
   * may come with plain attributes where the engine listed none; one that has no folders takes no
   * notice of it. What was not synced may be lost with the process, and is to be written again. Any
   * method may throw {@link PlaceGone} where the unit is not at this writer's place any more.
   */
  interface UnitWriter extends AutoCloseable {

    /**
     * Names the place, at most 100 characters, not empty: the same for every writer for as long as
     * what was synced is there, and another one, never used before, where the unit begins anew.
     */
    String place();

    /**
     * How much of a regular file is written and synced, from its start; after a crash the writer
     * goes on from there. 0 where that is unknown: writing again does no harm.
     */
    long written(EntryPath path);

    /**
     * Writes part of a regular file, at ascending offsets. Bytes that are never written are zero.
     */
    void write(EntryPath path, long offset, ByteBuffer bytes);

    /**
     * Ends an entry: a regular file gets its size, a directory or link is made, and the attributes
     * are set (those of directories, and links themselves, at the latest at commit).
     *
     * @throws dev.tidemark.core.failure.PermanentFailure INVALID where the entry cannot stand
     *     there, like one below a link
     */
    void end(FileMeta meta);

    /** Makes what was written so far survive a crash. */
    void sync();

    @Override
    void close();
  }
}
