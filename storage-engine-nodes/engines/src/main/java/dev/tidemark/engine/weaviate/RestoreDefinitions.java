package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The definitions of a backup as a restore gives them to a server: collections under their new
 * names, shards on the target's nodes.
 *
 * <pre>{@code
 * { "version", "serverVersion", "users", "roles", "replace",
 *   "nodes": ["weaviate-0", …],
 *   "collections": { "Article": { "source", "schema", "shardingState", "aliases" } } }
 * }</pre>
 */
final class RestoreDefinitions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "weaviate/1";

  private final JsonNode backup;
  private final Placement placement;
  private final Map<String, List<TargetUnit>> byCollection = new TreeMap<>();
  private final Map<String, List<String>> nodes = new HashMap<>();

  /**
   * @param schema as the backup has it
   * @param units all that are restored
   * @param targets the target's nodes
   */
  RestoreDefinitions(String schema, List<TargetUnit> units, SortedSet<String> targets) {
    this.backup = read(schema);
    SortedSet<String> old = new TreeSet<>();
    for (TargetUnit unit : units) {
      byCollection.computeIfAbsent(unit.collection(), name -> new ArrayList<>()).add(unit);
      old.add(unit.source().node());
    }
    byCollection
        .values()
        .forEach(some -> old.addAll(Placement.named(definition(some).path("shardingState"))));
    this.placement = Placement.of(old, units, targets);
    byCollection.values().forEach(this::place);
  }

  private static JsonNode read(String schema) {
    try {
      JsonNode json = JSON.readTree(schema.isEmpty() ? "{}" : schema);
      if (json.path("format").asText().equals(FORMAT)) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw foreign().cause(e);
    }
    throw foreign();
  }

  private static PermanentFailure foreign() {
    return PermanentFailure.of(Kind.INVALID, "the backup's definitions")
        .expected("those of Weaviate, " + FORMAT)
        .found("something else: it is a backup of another engine, or of a newer release")
        .hint("restore it into a cluster of its engine, or its files into a folder");
  }

  private JsonNode definition(List<TargetUnit> units) {
    String source = units.get(0).source().collection();
    JsonNode found = backup.path("collections").path(source);
    if (!found.path("shardingState").isObject()) {
      throw PermanentFailure.of(Kind.DAMAGED, "collection " + source)
          .expected("its definition and sharding state in the backup's schema")
          .found("none");
    }
    return found;
  }

  /** Whether the backup has "users" or "roles". */
  boolean holds(String what) {
    return backup.has(what);
  }

  /** The version of the servers that were backed up. */
  Version serverVersion() {
    return Version.parse(backup.path("backups").path(0).path("serverVersion").asText());
  }

  /**
   * Refuses some shards of a collection whose objects are spread over all of them, and what names
   * no collection that a server would make.
   */
  void check() {
    byCollection.forEach(
        (name, units) -> {
          JsonNode definition = definition(units);
          if (!isWhole(definition, units) && !Tenancy.of(definition.path("schema"))) {
            throw PermanentFailure.of(
                    Kind.INVALID,
                    "a restore of some shards of " + units.get(0).source().collection())
                .expected("all of them: its objects are spread over all shards")
                .found("%d of %d".formatted(shards(units).size(), stored(definition).size()))
                .hint("restore the whole collection; of one with tenants, some can be chosen");
          }
          if (!name.matches("[A-Z][_0-9A-Za-z]{0,254}")) {
            throw PermanentFailure.of(Kind.INVALID, "collection name '" + name + "'")
                .expected("a name of a collection: A-Z first, then A-Z a-z 0-9 _")
                .found("'" + name + "'")
                .hint("correct --rename or --suffix");
          }
        });
  }

  private static boolean isWhole(JsonNode definition, List<TargetUnit> units) {
    return shards(units).containsAll(stored(definition));
  }

  private static Set<String> shards(List<TargetUnit> units) {
    Set<String> shards = new TreeSet<>();
    units.forEach(unit -> shards.add(Inventory.nameOf(unit.source())));
    return shards;
  }

  /** The shards whose files were backed up: not those that are offloaded. */
  private static Set<String> stored(JsonNode definition) {
    Set<String> stored = new TreeSet<>();
    definition.path("nodes").forEach(some -> some.forEach(shard -> stored.add(shard.asText())));
    return stored;
  }

  /** Each node gets the copy that was its own if that was stored, else the first one. */
  private void place(List<TargetUnit> units) {
    JsonNode physical = definition(units).path("shardingState").path("physical");
    Map<String, List<TargetUnit>> copies = new TreeMap<>();
    for (TargetUnit unit : units) {
      copies.computeIfAbsent(Inventory.nameOf(unit.source()), name -> new ArrayList<>()).add(unit);
    }
    copies.forEach(
        (shard, some) -> {
          for (String node : placement.of(shard, Placement.owners(physical.path(shard)))) {
            TargetUnit chosen = some.get(0);
            for (TargetUnit unit : some) {
              if (node.equals(placement.nodes().get(unit.source().node()))) {
                chosen = unit;
                break;
              }
            }
            nodes.computeIfAbsent(key(chosen), none -> new ArrayList<>()).add(node);
          }
        });
  }

  private static String key(TargetUnit unit) {
    return unit.collection() + "/" + unit.source().shard();
  }

  /** The nodes that get a unit. */
  List<String> nodes(TargetUnit unit) {
    return nodes.getOrDefault(key(unit), List.of());
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    JsonNode first = backup.path("backups").path(0);
    json.put("version", first.path("version").asText("2.1"));
    json.put("serverVersion", first.path("serverVersion").asText());
    for (String each : List.of("users", "roles")) {
      if (backup.has(each)) {
        json.set(each, backup.path(each));
      }
    }
    var targets = json.putArray("nodes");
    placement.targets().forEach(targets::add);
    json.put("replace", byCollection.values().stream().anyMatch(units -> units.get(0).replace()));
    ObjectNode collections = json.putObject("collections");
    byCollection.forEach((name, units) -> collections.set(name, collection(name, units)));
    return json;
  }

  private ObjectNode collection(String name, List<TargetUnit> units) {
    JsonNode definition = definition(units);
    String source = units.get(0).source().collection();
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("source", source);
    ObjectNode state = definition.path("shardingState").deepCopy();
    state.put("indexID", name);
    ObjectNode physical = state.withObjectProperty("physical");
    if (!isWhole(definition, units)) {
      physical.retain(shards(units));
    }
    int most = placement.targets().size();
    for (Map.Entry<String, JsonNode> shard : physical.properties()) {
      ObjectNode each = (ObjectNode) shard.getValue();
      List<String> owners = Placement.owners(each);
      each.remove("belongsToNode");
      var belongs = each.putArray("belongsToNodes");
      placement.of(shard.getKey(), owners).forEach(belongs::add);
    }
    limit(state, "replicationFactor", most);
    ObjectNode schema = definition.path("schema").deepCopy();
    schema.put("class", name);
    if (schema.path("replicationConfig").isObject()) {
      limit((ObjectNode) schema.path("replicationConfig"), "factor", most);
    }
    json.set("schema", schema);
    json.set("shardingState", state);
    // An alias belongs to the collection of its name in the backup, not to a copy beside it.
    if (name.equals(source) && definition.path("aliases").isArray()) {
      json.set("aliases", definition.path("aliases"));
    }
    return json;
  }

  private static void limit(ObjectNode in, String field, int most) {
    if (in.path(field).asInt(1) > most) {
      in.put(field, most);
    }
  }

  /** The aliases that come with the collections, to these. */
  Map<String, String> aliases() {
    Map<String, String> aliases = new TreeMap<>();
    byCollection.forEach(
        (name, units) -> {
          if (name.equals(units.get(0).source().collection())) {
            definition(units)
                .path("aliases")
                .forEach(alias -> aliases.put(alias.path("alias").asText(), name));
          }
        });
    return aliases;
  }
}
