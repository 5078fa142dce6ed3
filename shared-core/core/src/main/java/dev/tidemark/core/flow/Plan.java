package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import java.util.List;

/** The units of a run, in lanes; lanes ascend, and so do the units of each. */
record Plan(List<Lane> lanes) {

  /** A lane: up to a thousand units of one node. */
  record Lane(String lane, String node, List<Unit> units) {}

  /** A unit: its key, its canonical name, and what it is made of. */
  record Unit(String unit, String name, List<Shard> shards) {

    /** Those that its row has: a row may not be large enough for those of a bin. */
    List<Shard> inRow() {
      return shards.size() == 1 ? shards : List.of();
    }
  }

  long units() {
    return lanes.stream().mapToLong(lane -> lane.units().size()).sum();
  }

  List<Shard> shards() {
    return lanes.stream()
        .flatMap(lane -> lane.units().stream())
        .flatMap(unit -> unit.shards().stream())
        .toList();
  }

  List<String> collections() {
    return shards().stream().map(Shard::collection).distinct().sorted().toList();
  }

  List<String> nodes() {
    return lanes.stream().map(Lane::node).distinct().sorted().toList();
  }
}
