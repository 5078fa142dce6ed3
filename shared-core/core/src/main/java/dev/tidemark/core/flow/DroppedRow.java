package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The shards of a unit that were dropped before they were read.
 *
 * @param places in the plan's list of the unit's shards, from 0, ascending
 * @param all whether none is left: then the unit is done without a record
 */
record DroppedRow(int v, String unit, List<Integer> places, boolean all) {

  DroppedRow(String unit, List<Integer> places, boolean all) {
    this(1, unit, places, all);
  }

  /** Of the shards that the plan has, those that are left, in its order. */
  List<Shard> left(List<Shard> planned) {
    return some(planned, place -> !places.contains(place));
  }

  List<Shard> dropped(List<Shard> planned) {
    return some(planned, places::contains);
  }

  private static List<Shard> some(List<Shard> planned, IntPredicate wanted) {
    return IntStream.range(0, planned.size()).filter(wanted).mapToObj(planned::get).toList();
  }
}
