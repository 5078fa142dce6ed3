package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.engine.weaviate.RestorePlan.UnitPlan;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far a unit's chunks are written. Each sync of each writer adds a record of its own, and none
 * is ever written again: should one that was taken for dead still write, then what it wrote counts
 * too, and takes nothing back. Its chunks have other numbers, and the same bytes for the same
 * files.
 *
 * <pre>
 *     T-restoring/units/&lt;unit&gt;/place.json                 which place is the unit's
 *     T-restoring/units/&lt;unit&gt;/&lt;place&gt;/&lt;writer&gt;-&lt;n&gt;.json  chunks that it holds, with their sizes
 *     T-restoring/units/&lt;unit&gt;/&lt;place&gt;-committed.json
 * </pre>
 */
record UnitProgress(Desk desk, Names names, String unit, UnitPlan plan) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NAME_BYTES = 6;
  private static final String COMMITTED = "-committed.json";

  /**
   * What is recorded at a place.
   *
   * @param chunks numbers to sizes
   * @param written how much of a file is in parts, from its start
   */
  record Recorded(String place, Map<Integer, Long> chunks, Map<String, Long> written) {}

  static String newName() {
    byte[] name = new byte[NAME_BYTES];
    RANDOM.nextBytes(name);
    return HexFormat.of().formatHex(name);
  }

  /** A number for a chunk that nobody else is likely to choose. */
  int newNumber() {
    return plan.first() + RANDOM.nextInt(plan.numbers());
  }

  private String key(String rest) {
    return names.restoring("units/" + unit + "/" + rest);
  }

  /** The place; nothing where the unit was not begun. */
  Optional<String> place() {
    return desk.read(key("place.json")).map(json -> json.path("place").asText());
  }

  /** Whether the unit is at this place, and all that was recorded there is in the staging area. */
  boolean holds(String place) {
    return place().filter(place::equals).isPresent() && isThere(recorded(place));
  }

  /** What is there; a new place where nothing is, or something of it was lost. */
  Recorded open() {
    Optional<Recorded> found = place().map(this::recorded).filter(this::isThere);
    if (found.isPresent()) {
      return found.get();
    }
    String place = newName();
    desk.write(key("place.json"), JsonNodeFactory.instance.objectNode().put("place", place));
    return new Recorded(place, new TreeMap<>(), new HashMap<>());
  }

  Recorded recorded(String place) {
    var recorded = new Recorded(place, new TreeMap<>(), new HashMap<>());
    List<String> keys = new ArrayList<>();
    desk.each(key(place + "/"), object -> keys.add(object.key()));
    for (String each : keys) {
      JsonNode json = desk.read(each).orElse(JsonNodeFactory.instance.objectNode());
      json.path("chunks")
          .properties()
          .forEach(
              chunk ->
                  recorded
                      .chunks()
                      .put(Integer.valueOf(chunk.getKey()), chunk.getValue().asLong()));
      json.path("written")
          .properties()
          .forEach(
              file -> recorded.written().merge(file.getKey(), file.getValue().asLong(), Long::max));
    }
    return recorded;
  }

  private boolean isThere(Recorded recorded) {
    for (Map.Entry<Integer, Long> chunk : recorded.chunks().entrySet()) {
      for (String key : keys(chunk.getKey())) {
        if (desk.area().head(key).map(StagedObject::size).orElse(-1L)
            != chunk.getValue().longValue()) {
          return false;
        }
      }
    }
    return true;
  }

  /** Where a chunk is: once for each node. */
  List<String> keys(int number) {
    return plan.nodes().stream()
        .map(node -> Names.chunk(names.restored(), node, plan.collection(), number))
        .toList();
  }

  /** Records chunks that are stored. */
  void record(
      String place,
      String writer,
      int number,
      Map<Integer, Long> chunks,
      Map<String, Long> written) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode sizes = json.putObject("chunks");
    chunks.forEach((chunk, size) -> sizes.put(Integer.toString(chunk), size.longValue()));
    ObjectNode files = json.putObject("written");
    written.forEach((file, end) -> files.put(file, end.longValue()));
    desk.write(key("%s/%s-%d.json".formatted(place, writer, number)), json);
  }

  void commit(String place) {
    desk.write(key(place + COMMITTED), JsonNodeFactory.instance.objectNode().put("place", place));
  }

  boolean isCommitted() {
    return place()
        .filter(place -> desk.area().head(key(place + COMMITTED)).isPresent())
        .isPresent();
  }

  /** Removes all of the unit. */
  void remove() {
    List<String> keys = new ArrayList<>();
    place()
        .ifPresent(place -> recorded(place).chunks().keySet().forEach(n -> keys.addAll(keys(n))));
    desk.each(key(""), object -> keys.add(object.key()));
    for (int at = 0; at < keys.size(); at += StagingArea.MAX_DELETE_KEYS) {
      desk.area().delete(keys.subList(at, Math.min(keys.size(), at + StagingArea.MAX_DELETE_KEYS)));
    }
  }
}
