package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** What is left of it without shards that were dropped, by the units that had them. */
  Plan without(Map<String, DroppedRow> dropped) {
    if (dropped.isEmpty()) {
      return this;
    }
    List<Lane> left = new ArrayList<>();
    for (Lane lane : lanes) {
      List<Unit> units = new ArrayList<>();
      for (Unit unit : lane.units()) {
        DroppedRow row = dropped.get(unit.unit());
        List<Shard> shards = row == null ? unit.shards() : row.left(unit.shards());
        if (!shards.isEmpty()) {
          units.add(new Unit(unit.unit(), unit.name(), shards));
        }
      }
      left.add(new Lane(lane.lane(), lane.node(), units));
    }
    return new Plan(left);
  }

  /** The shards that were dropped. */
  List<Shard> shards(Map<String, DroppedRow> dropped) {
    return lanes.stream()
        .flatMap(lane -> lane.units().stream())
        .flatMap(
            unit ->
                Optional.ofNullable(dropped.get(unit.unit()))
                    .map(row -> row.dropped(unit.shards()))
                    .orElse(List.of())
                    .stream())
        .toList();
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
