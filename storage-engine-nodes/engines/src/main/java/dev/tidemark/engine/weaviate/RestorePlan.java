package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.Target.TargetUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a restore will make, written into the staging area before its first byte: the definitions as
 * the server is to get them, and for each unit its nodes and the numbers of its chunks. Units are
 * kept in up to 256 objects, so that who writes one need not read them all.
 */
record RestorePlan(Desk desk, Names names) {
  private static final String DEFINITIONS = "definitions.json";
  private static final String UNITS = "plan/";
  private static final int SLICE_DIGITS = 2;

  /** Chunks of a collection on a node are numbered by 31 bits. */
  private static final long MOST_CHUNKS = 1L << 31;

  /**
   * Where a unit goes.
   *
   * @param collection its name on the target
   * @param shard as the server knows it
   * @param nodes that get a copy; none where another copy of the shard serves them all
   * @param first the first number of its chunks
   * @param numbers how many numbers it has
   */
  record UnitPlan(String collection, String shard, List<String> nodes, int first, int numbers) {
    ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("collection", collection).put("shard", shard);
      var all = json.putArray("nodes");
      nodes.forEach(all::add);
      return json.put("first", first).put("numbers", numbers);
    }

    static UnitPlan of(JsonNode json) {
      List<String> nodes = new ArrayList<>();
      json.path("nodes").forEach(node -> nodes.add(node.asText()));
      return new UnitPlan(
          json.path("collection").asText(),
          json.path("shard").asText(),
          List.copyOf(nodes),
          json.path("first").asInt(),
          json.path("numbers").asInt());
    }
  }

  /** The definitions; nothing where none were written, or the restore is over. */
  Optional<JsonNode> definitions() {
    return desk.read(names.restoring(DEFINITIONS));
  }

  boolean isWritten() {
    return desk.area().head(names.restoring(DEFINITIONS)).isPresent();
  }

  /** What is planned of a unit. */
  Optional<UnitPlan> unit(String unit) {
    return desk.read(slice(unit.substring(0, SLICE_DIGITS)))
        .map(slice -> slice.path(unit))
        .filter(JsonNode::isObject)
        .map(UnitPlan::of);
  }

  private String slice(String prefix) {
    return names.restoring(UNITS + prefix + ".json");
  }

  /** The slices that there are, by the digits with which their units begin. */
  List<String> slices() {
    String prefix = names.restoring(UNITS);
    List<String> slices = new ArrayList<>();
    desk.each(
        prefix,
        object ->
            slices.add(object.key().substring(prefix.length(), prefix.length() + SLICE_DIGITS)));
    return slices;
  }

  /** The units of a slice. */
  Map<String, UnitPlan> slice(List<String> slices, int index) {
    Map<String, UnitPlan> units = new TreeMap<>();
    desk.read(slice(slices.get(index)))
        .ifPresent(
            slice ->
                slice
                    .properties()
                    .forEach(each -> units.put(each.getKey(), UnitPlan.of(each.getValue()))));
    return units;
  }

  /** The restore is over: without definitions there is nothing to do, whatever else is left. */
  void forget() {
    desk.area().delete(List.of(names.restoring(DEFINITIONS)));
  }

  /** Writes the plan; the definitions last, so that with them it is whole. */
  void write(RestoreDefinitions definitions, List<TargetUnit> units) {
    Map<String, Integer> perCollection = new HashMap<>();
    units.forEach(unit -> perCollection.merge(unit.collection(), 1, Integer::sum));
    Map<String, Integer> placed = new HashMap<>();
    Map<String, ObjectNode> slices = new TreeMap<>();
    for (TargetUnit unit : units) {
      int numbers =
          (int)
              Math.min(
                  MOST_CHUNKS - 2,
                  MOST_CHUNKS / perCollection.getOrDefault(unit.collection(), 1) - 1);
      int index = placed.merge(unit.collection(), 1, Integer::sum) - 1;
      var plan =
          new UnitPlan(
              unit.collection(),
              Inventory.nameOf(unit.source()),
              definitions.nodes(unit),
              1 + index * numbers,
              numbers);
      slices
          .computeIfAbsent(
              unit.unit().substring(0, SLICE_DIGITS), none -> JsonNodeFactory.instance.objectNode())
          .set(unit.unit(), plan.json());
    }
    slices.forEach((prefix, slice) -> desk.write(slice(prefix), slice));
    desk.write(names.restoring(DEFINITIONS), definitions.json());
  }
}
