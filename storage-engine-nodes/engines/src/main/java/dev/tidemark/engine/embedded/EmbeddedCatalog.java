package dev.tidemark.engine.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Census;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.engine.embedded.EmbeddedConfig.MissingNode;
import dev.tidemark.engine.http.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprint is the cluster's id, which its schema node minted; a single node that was wiped
 * changes no identity of files, for they carry digests.
 */
record EmbeddedCatalog(EmbeddedConfig config, Nodes nodes) implements Catalog {

  /**
   * The schema and what the nodes say of it, looked at one after the other.
   *
   * @param lines of the nodes' shards, by node and generation
   */
  private record View(
      JsonNode schema,
      Map<String, JsonNode> states,
      List<String> missing,
      Map<String, JsonNode> lines) {

    static View of(JsonNode schema, Map<String, JsonNode> states, List<String> missing) {
      Map<String, JsonNode> lines = new HashMap<>();
      states.forEach(
          (node, state) -> {
            for (JsonNode each : state.path("shards")) {
              lines.put(key(node, each.path("collection"), each.path("shard"), each), each);
            }
          });
      return new View(schema, states, missing, lines);
    }

    private static String key(
        String node, JsonNode collection, JsonNode shard, JsonNode generated) {
      String generation = generated.path("generation").asText();
      return node + " " + collection.asText() + " " + shard.asText() + " " + generation;
    }

    /**
     * A shard's line of its node; missing where the node does not answer or knows nothing of it.
     */
    JsonNode state(JsonNode collection, JsonNode shard) {
      String key =
          key(shard.path("node").asText(), collection.path("name"), shard.path("name"), shard);
      return lines.getOrDefault(key, JsonNodeFactory.instance.missingNode());
    }
  }

  private interface Visit {
    void shard(JsonNode collection, JsonNode shard, JsonNode state);
  }

  private View look() {
    List<String> missing = new ArrayList<>();
    Map<String, JsonNode> states = nodes.states(missing);
    return View.of(nodes.schema(), states, missing);
  }

  /** Of every node, unless the operator takes a backup without some. */
  private View lookAtAll() {
    View view = look();
    if (config.onMissingNode() == MissingNode.FAIL && !view.missing().isEmpty()) {
      throw new TransientFailure(
          "cluster %s: every node has to answer (onMissingNode: fail), but %s"
              .formatted(config.name(), String.join("; ", view.missing())));
    }
    return view;
  }

  private static void each(View view, Visit visit) {
    for (JsonNode collection : view.schema().path("collections")) {
      for (JsonNode shard : collection.path("shards")) {
        visit.shard(collection, shard, view.state(collection, shard));
      }
    }
  }

  private static Shard shard(JsonNode collection, JsonNode shard, JsonNode state) {
    return new Shard(
        collection.path("name").asText(),
        shard.path("name").asText(),
        shard.path("node").asText(),
        state.path("bytes").asLong());
  }

  private static boolean readable(JsonNode state) {
    return !state.isMissingNode() && !state.path("status").asText().equals("LOST");
  }

  @Override
  public ClusterDescription describe() {
    nodes.requireConfigured();
    View view = lookAtAll();
    Map<String, String> notIncluded = new TreeMap<>();
    TreeSet<String> unreachable = new TreeSet<>();
    String[] version = {""};
    view.states().values().forEach(state -> version[0] = state.path("version").asText());
    each(
        view,
        (collection, shard, state) -> {
          String node = shard.path("node").asText();
          String name = shard(collection, shard, state).canonicalName();
          if (!view.states().containsKey(node)) {
            notIncluded.put(name, "node " + node + " did not answer");
            unreachable.add(node);
          } else if (!readable(state)) {
            notIncluded.put(
                name, "node " + node + " has lost it: " + state.path("reason").asText("unknown"));
            unreachable.add(node);
          }
        });
    List<String> collections = new ArrayList<>();
    view.schema().path("collections").forEach(each -> collections.add(each.path("name").asText()));
    collections.sort(null);
    return new ClusterDescription(
        version[0],
        clusterId(view.schema()),
        "point-in-time",
        "unit",
        List.copyOf(config.nodes().keySet()),
        collections,
        notIncluded,
        Map.of(),
        List.copyOf(unreachable));
  }

  /** Of the schema node alone: the others know a schema that it has lost. */
  @Override
  public String fingerprint() {
    return clusterId(nodes.schema());
  }

  private static String clusterId(JsonNode schema) {
    return schema.path("clusterId").asText();
  }

  @Override
  public List<Shard> shards(@Nullable String after, int limit) {
    List<Shard> shards = new ArrayList<>();
    each(
        look(),
        (collection, shard, state) -> {
          shards.add(shard(collection, shard, state));
        });
    return shards.stream()
        .filter(shard -> after == null || shard.canonicalName().compareTo(after) > 0)
        .sorted(Comparator.comparing(Shard::canonicalName))
        .limit(limit)
        .toList();
  }

  @Override
  public Census census(List<String> collections) {
    Map<String, Long> counts = new TreeMap<>();
    each(
        lookAtAll(),
        (collection, shard, state) -> {
          if (collections.contains(collection.path("name").asText())
              && state.path("objects").isNumber()) {
            counts.put(
                shard(collection, shard, state).canonicalName(), state.path("objects").asLong());
          }
        });
    return new Census(counts);
  }

  /** As {@code GET /v1/schema} answers it, without other collections and their aliases. */
  @Override
  public String schema(List<String> collections) {
    JsonNode schema = nodes.schema();
    ObjectNode some = JsonNodeFactory.instance.objectNode();
    var taken = some.putArray("collections");
    var aliases = some.putArray("aliases");
    schema
        .path("collections")
        .forEach(each -> addIf(collections.contains(each.path("name").asText()), taken, each));
    schema
        .path("aliases")
        .forEach(
            each -> addIf(collections.contains(each.path("collection").asText()), aliases, each));
    return some.toString();
  }

  private static void addIf(boolean wanted, ArrayNode to, JsonNode each) {
    if (wanted) {
      to.add(each);
    }
  }

  @Override
  public List<Probe> probes(Shard shard) {
    return new Questions(nodes).about(shard);
  }

  @Override
  public Map<Probe, String> answers(List<Probe> probes) {
    return new Questions(nodes).answers(probes);
  }

  @Override
  public List<String> leftovers(String deployment) {
    String prefix = "tidemark-" + deployment + "-";
    TreeSet<String> names = new TreeSet<>();
    for (Endpoint node : nodes.every()) {
      JsonNode held = node.get("/v1/snapshots?prefix=" + prefix).json();
      held.path("snapshots").forEach(each -> names.add(each.path("name").asText()));
    }
    JsonNode restores = nodes.schemaNode().get("/v1/restores?prefix=" + prefix).json();
    for (JsonNode restore : restores.path("restores")) {
      if (!restore.path("state").asText().equals("PUBLISHED")) {
        names.add(restore.path("token").asText());
      }
    }
    return List.copyOf(names);
  }
}
