package dev.tidemark.engine.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A run is one restore of the cluster, whose token is the run's name. */
final class EmbeddedTarget implements Target {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EmbeddedConfig config;
  private final Nodes nodes;

  EmbeddedTarget(EmbeddedConfig config, Nodes nodes) {
    this.config = config;
    this.nodes = nodes;
  }

  @Override
  public List<Room> rooms(List<TargetUnit> units) {
    units.forEach(this::requirePossible);
    var existing = Existing.of(nodes.schema());
    var placement = Placement.of(config.nodes().keySet(), units);
    Map<String, Disk> disks = new HashMap<>();
    List<Room> rooms = new ArrayList<>();
    for (TargetUnit unit : units) {
      String node = placement.of(unit);
      Disk disk = disks.computeIfAbsent(node, name -> Disk.of(nodes.node(name)));
      rooms.add(
          new Room(
              existing.words(unit),
              unit.collection() + "/" + unit.shard() + " of cluster " + config.name(),
              OptionalLong.of(disk.free()),
              "node " + node,
              disk.limit()));
    }
    return rooms;
  }

  /** Names of what there is: collections, and their shards as {@code collection/shard}. */
  private record Existing(Map<String, Boolean> multiTenant, Set<String> shards) {
    static Existing of(JsonNode schema) {
      var found = new Existing(new HashMap<>(), new HashSet<>());
      for (JsonNode collection : schema.path("collections")) {
        String name = collection.path("name").asText();
        found.multiTenant.put(name, collection.path("multiTenant").asBoolean());
        collection
            .path("shards")
            .forEach(shard -> found.shards.add(name + "/" + shard.path("name").asText()));
      }
      return found;
    }

    String words(TargetUnit unit) {
      if (shards.contains(unit.collection() + "/" + unit.shard())) {
        return "a shard of an existing collection";
      }
      return multiTenant.getOrDefault(unit.collection(), true) ? "" : "a collection of that name";
    }
  }

  /** The disk of a node, which takes nothing more long before its last byte. */
  private record Disk(long used, long total, double percent) {
    static Disk of(Endpoint node) {
      JsonNode disk = node.get("/v1/node").json().path("disk");
      return new Disk(
          disk.path("usedBytes").asLong(),
          disk.path("totalBytes").asLong(),
          disk.path("readonlyPercent").asDouble(100));
    }

    long free() {
      return Math.max(0, (long) (total * percent / 100) - used);
    }

    String limit() {
      return "%d of its %d bytes are used, and from %.0f %% on it writes nothing"
          .formatted(used, total, percent);
    }
  }

  @Override
  public void check(String schema, List<TargetUnit> units) {
    JsonNode definitions = read(schema);
    byCollection(units).forEach((name, some) -> isWhole(definitions, some));
  }

  private Map<String, List<TargetUnit>> byCollection(List<TargetUnit> units) {
    Map<String, List<TargetUnit>> byCollection = new TreeMap<>();
    for (TargetUnit unit : units) {
      requirePossible(unit);
      byCollection.computeIfAbsent(unit.collection(), name -> new ArrayList<>()).add(unit);
    }
    return byCollection;
  }

  /** Whether units are all that a collection had; if not, they are tenants of it. */
  private static boolean isWhole(JsonNode schema, List<TargetUnit> units) {
    String source = units.get(0).source().collection();
    JsonNode was = named(schema.path("collections"), source);
    if (was.isMissingNode()) {
      throw PermanentFailure.of(Kind.DAMAGED, "collection " + source)
          .expected("its definition in the backup's schema")
          .found("none");
    }
    Set<String> taken = new TreeSet<>();
    units.forEach(unit -> taken.add(unit.shard()));
    boolean whole = true;
    for (JsonNode shard : was.path("shards")) {
      whole &= taken.contains(shard.path("name").asText());
    }
    if (!whole && !was.path("multiTenant").asBoolean()) {
      throw PermanentFailure.of(Kind.INVALID, "a restore of some shards of " + source)
          .expected("all of them: its objects are spread over all shards")
          .found("only " + String.join(", ", taken))
          .hint(
              "restore the whole collection; of a multi-tenant one, tenants can be chosen; what was"
                  + " dropped while the backup was taken, its coverage names: --exclude "
                  + source);
    }
    return whole;
  }

  private void requirePossible(TargetUnit unit) {
    if (!unit.place().isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "a restore into " + unit.place())
          .expected("a restore onto the nodes of a cluster")
          .found("a folder")
          .hint("leave --to out; --into names another cluster, --rename other collections");
    }
    if (!unit.whole()) {
      throw PermanentFailure.of(Kind.INVALID, "some files of " + unit.source().canonicalName())
          .expected("whole shards: a database cannot be opened with some of its files")
          .found("single paths")
          .hint("use --include " + unit.source().canonicalName());
    }
  }

  @Override
  public void prepare(RunToken token, String schema, List<TargetUnit> units) {
    Endpoint schemaNode = nodes.schemaNode();
    JsonNode begun = restore(token);
    JsonNode existing = schemaNode.get("/v1/schema").json().path("collections");
    var placement = Placement.of(config.nodes().keySet(), units);
    byCollection(units)
        .forEach(
            (name, ofCollection) -> {
              if (!isBegun(begun, name)) {
                ObjectNode body =
                    definition(read(schema), named(existing, name), ofCollection, placement);
                schemaNode
                    .put(Endpoint.path("v1", "restores", token.name(), "collections", name), body)
                    .required();
              }
            });
  }

  private JsonNode restore(RunToken token) {
    Reply found = nodes.schemaNode().get(Endpoint.path("v1", "restores", token.name()));
    return found.status() == 404 ? MissingNode.getInstance() : found.json();
  }

  private static boolean isBegun(JsonNode restore, String collection) {
    for (JsonNode each : restore.path("collections")) {
      if (each.path("collection").path("name").asText().equals(collection)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What a collection will be. Where only some tenants of one are restored, the others stay as they
   * are; where the backup's are all, the collection becomes what it was.
   */
  private static ObjectNode definition(
      JsonNode schema, JsonNode existing, List<TargetUnit> units, Placement placement) {
    String source = units.get(0).source().collection();
    JsonNode was = named(schema.path("collections"), source);
    boolean whole = isWhole(schema, units);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("dimensions", was.path("dimensions"));
    body.set("distance", was.path("distance"));
    body.set("multiTenant", was.path("multiTenant"));
    var shards = body.putArray("shards");
    for (TargetUnit unit : units) {
      JsonNode shard = named(was.path("shards"), unit.shard());
      shards
          .addObject()
          .put("name", unit.shard())
          .put("node", placement.of(unit))
          .put("status", shard.path("status").asText("ACTIVE"));
    }
    body.put("replace", units.get(0).replace());
    body.put("tenantsOnly", !whole && !existing.isMissingNode());
    var aliases = body.putArray("aliases");
    for (JsonNode alias : schema.path("aliases")) {
      if (whole
          && alias.path("collection").asText().equals(source)
          && units.get(0).collection().equals(source)) {
        aliases.add(alias.path("name").asText());
      }
    }
    return body;
  }

  private static JsonNode named(JsonNode all, String name) {
    for (JsonNode each : all) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  private static JsonNode read(String schema) {
    try {
      return JSON.readTree(schema.isEmpty() ? "{}" : schema);
    } catch (IOException e) {
      throw PermanentFailure.of(Kind.DAMAGED, "the backup's schema")
          .expected("JSON")
          .found(String.valueOf(e.getMessage()))
          .cause(e);
    }
  }

  /**
   * Which units go to which nodes: to the one of the same name, and those whose node there is not,
   * the largest first, to the one that then has the fewest bytes. A function of the units, in
   * whatever order they are given.
   */
  private record Placement(Map<String, String> nodes) {
    static Placement of(Set<String> names, List<TargetUnit> units) {
      Map<String, Long> bytes = new TreeMap<>();
      names.forEach(node -> bytes.put(node, 0L));
      var chosen = new Placement(new HashMap<>());
      List<TargetUnit> homeless = new ArrayList<>();
      for (TargetUnit unit : units) {
        if (names.contains(unit.node())) {
          chosen.put(unit, unit.node(), bytes);
        } else {
          homeless.add(unit);
        }
      }
      homeless.sort(
          Comparator.comparingLong((TargetUnit unit) -> -unit.source().bytes())
              .thenComparing(Placement::name));
      for (TargetUnit unit : homeless) {
        String emptiest =
            bytes.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
        chosen.put(unit, emptiest, bytes);
      }
      return chosen;
    }

    private void put(TargetUnit unit, String node, Map<String, Long> bytes) {
      nodes.put(name(unit), node);
      bytes.merge(node, unit.source().bytes() + 1, Long::sum);
    }

    private static String name(TargetUnit unit) {
      return unit.collection() + "/" + unit.shard();
    }

    String of(TargetUnit unit) {
      return Objects.requireNonNull(nodes.get(name(unit)));
    }
  }

  /** The node on which the restore places a unit; empty where the cluster does not know it. */
  private Optional<Endpoint> nodeOf(RunToken token, TargetUnit unit) {
    Reply told = nodes.schemaNode().get(path(token, unit));
    return told.status() == 404
        ? Optional.empty()
        : Optional.of(nodes.node(told.json().path("node").asText()));
  }

  /** What the unit's node says of it. */
  private record Held(Endpoint node, JsonNode shard) {
    boolean isAt(String place) {
      return !place.isEmpty() && shard.path("place").asText("").equals(place);
    }

    boolean isBegun() {
      return shard.path("place").isTextual() && shard.path("state").asText().equals("BEGUN");
    }
  }

  private Optional<Held> held(RunToken token, TargetUnit unit) {
    Optional<Endpoint> node = nodeOf(token, unit);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    Reply told = node.get().get(path(token, unit));
    return told.status() == 404 ? Optional.empty() : Optional.of(new Held(node.get(), told.json()));
  }

  private static String path(RunToken token, TargetUnit unit) {
    return Endpoint.path("v1", "restores", token.name(), "shards", unit.collection(), unit.shard());
  }

  @Override
  public UnitWriter begin(RunToken token, TargetUnit unit) {
    requirePossible(unit);
    Endpoint node = nodeOf(token, unit).orElseThrow(() -> unknown(token, unit));
    Reply reply = node.put(path(token, unit));
    if (reply.status() == 404) {
      throw unknown(token, unit);
    }
    JsonNode begun = reply.json();
    Map<String, Long> written = new HashMap<>();
    begun
        .path("files")
        .forEach(file -> written.put(file.path("name").asText(), file.path("size").asLong()));
    return new ShardWriter(node, path(token, unit), begun.path("place").asText(), written);
  }

  private PermanentFailure unknown(RunToken token, TargetUnit unit) {
    return PermanentFailure.of(
            Kind.NOT_FOUND, "restore of " + unit.collection() + "/" + unit.shard())
        .expected("cluster " + config.name() + " to know restore " + token.name())
        .found("that it does not: its schema node was made anew, or somebody aborted the restore")
        .hint("`restore resume` prepares the cluster again, and writes what is not there");
  }

  @Override
  public boolean holds(RunToken token, TargetUnit unit, String place) {
    return held(token, unit).filter(held -> held.isAt(place)).isPresent();
  }

  @Override
  public void commit(RunToken token, TargetUnit unit, String place) {
    Held held =
        held(token, unit)
            .filter(there -> there.isAt(place))
            .orElseThrow(() -> gone(unit, place, "it is not there any more"));
    if (!held.isBegun()) {
      return;
    }
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    var files = all.putArray("files");
    for (JsonNode file : held.shard().path("files")) {
      files
          .addObject()
          .put("name", file.path("name").asText())
          .put("size", file.path("size").asLong());
    }
    Reply done =
        held.node().post(path(token, unit) + "/commit?place=" + Endpoint.escape(place), all);
    if (done.status() == 404 || done.status() == 410) {
      throw gone(unit, place, done.refused().toString());
    }
    done.required();
  }

  private static PlaceGone gone(TargetUnit unit, String place, String why) {
    return new PlaceGone(
        "%s/%s at place %s: %s".formatted(unit.collection(), unit.shard(), place, why));
  }

  @Override
  public boolean showsAtOnce() {
    return true;
  }

  @Override
  public void abort(RunToken token, TargetUnit unit) {
    held(token, unit)
        .filter(Held::isBegun)
        .ifPresent(held -> held.node().delete(path(token, unit)).required());
  }

  @Override
  public Progress finish(RunToken token) {
    if (!restore(token).isMissingNode()) {
      nodes
          .schemaNode()
          .post(
              Endpoint.path("v1", "restores", token.name(), "publish"),
              JsonNodeFactory.instance.objectNode())
          .required();
    }
    return Progress.ready("");
  }

  @Override
  public void discard(RunToken token) {
    nodes.schemaNode().delete(Endpoint.path("v1", "restores", token.name())).required();
  }
}
