package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.engine.weaviate.Inventory.Copy;
import dev.tidemark.engine.weaviate.RestorePlan.UnitPlan;
import dev.tidemark.engine.weaviate.UnitProgress.Recorded;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Writes the descriptors of a native backup whose chunks are in the staging area: of each node, and
 * last that of the cluster, with which a server takes it for one of its own. Which chunks each
 * shard has is gathered slice by slice of the plan, so that any process goes on.
 */
record RestoredBackup(Desk desk, Names names, RestorePlan plan, Instant now) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Goes on with the descriptors.
   *
   * @return whether all are written
   */
  boolean describe(JsonNode definitions, BooleanSupplier over) {
    String cluster = Names.cluster(names.restored());
    if (desk.area().head(cluster).isPresent()) {
      return true;
    }
    List<String> slices = plan.slices();
    for (int i = 0; i < slices.size(); i++) {
      String key = gathered(slices.get(i));
      if (desk.area().head(key).isEmpty()) {
        if (over.getAsBoolean()) {
          return false;
        }
        desk.write(key, gather(plan.slice(slices, i)));
      }
    }
    Map<String, ObjectNode> nodes = nodes(definitions);
    for (String slice : slices) {
      add(nodes, desk.read(gathered(slice)).orElseThrow());
    }
    nodes.forEach((node, json) -> desk.write(Names.node(names.restored(), node), listed(json)));
    desk.write(cluster, cluster(definitions, nodes));
    return true;
  }

  private String gathered(String slice) {
    return names.restoring("gathered/" + slice + ".json");
  }

  private ObjectNode gather(Map<String, UnitPlan> units) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var all = json.putArray("units");
    units.forEach(
        (unit, of) -> {
          var progress = new UnitProgress(desk, names, unit, of);
          if (!progress.isCommitted()) {
            throw PermanentFailure.of(
                    Kind.FAILED, "shard %s of %s".formatted(of.shard(), of.collection()))
                .expected("it to be written and committed")
                .found("it is not")
                .hint("start the restore again");
          }
          Recorded recorded = progress.recorded(progress.place().orElseThrow());
          ObjectNode each = all.addObject();
          each.set("plan", of.json());
          var chunks = each.putArray("chunks");
          recorded.chunks().keySet().forEach(chunks::add);
          each.put("bytes", recorded.chunks().values().stream().mapToLong(Long::longValue).sum());
        });
    return json;
  }

  /** Every node's descriptor, without shards; each has all collections. */
  private Map<String, ObjectNode> nodes(JsonNode definitions) {
    Map<String, ObjectNode> nodes = new TreeMap<>();
    for (JsonNode node : definitions.path("nodes")) {
      ObjectNode json = common(definitions);
      json.put("compressionType", "none").put("preCompressionSizeBytes", 0L);
      if (definitions.has("users")) {
        json.set("userBackups", definitions.path("users"));
      }
      if (definitions.has("roles")) {
        json.set("rbacBackups", definitions.path("roles"));
      }
      ObjectNode classes = json.putObject("classes");
      for (Map.Entry<String, JsonNode> each : definitions.path("collections").properties()) {
        classes.set(each.getKey(), collection(each.getKey(), each.getValue()));
      }
      nodes.put(node.asText(), json);
    }
    return nodes;
  }

  private ObjectNode common(JsonNode definitions) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", names.restored());
    json.put("startedAt", now.toString()).put("completedAt", now.toString());
    json.put("status", "SUCCESS").put("error", "");
    json.set("version", definitions.path("version"));
    json.set("serverVersion", definitions.path("serverVersion"));
    return json;
  }

  private ObjectNode collection(String name, JsonNode definition) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name).put("backupId", names.restored()).put("preCompressionSizeBytes", 0L);
    json.putArray("shards");
    json.putObject("chunks");
    json.put("schema", bytes(definition.path("schema")));
    json.put("shardingState", bytes(definition.path("shardingState")));
    if (definition.has("aliases")) {
      json.put("aliases", bytes(definition.path("aliases"))).put("aliasesIncluded", true);
    }
    return json;
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(Map<String, ObjectNode> nodes, JsonNode gathered) {
    for (JsonNode each : gathered.path("units")) {
      UnitPlan unit = UnitPlan.of(each.path("plan"));
      for (String node : unit.nodes()) {
        ObjectNode of =
            (ObjectNode)
                Objects.requireNonNull(nodes.get(node)).path("classes").path(unit.collection());
        if (Copy.isNone(unit.shard())) {
          continue;
        }
        of.withArray("shards").addObject().put("name", unit.shard()).put("node", node);
        ObjectNode chunks = (ObjectNode) of.path("chunks");
        for (JsonNode chunk : each.path("chunks")) {
          chunks.putArray(chunk.asText()).add(unit.shard());
        }
        long bytes = of.path("preCompressionSizeBytes").asLong() + each.path("bytes").asLong();
        of.put("preCompressionSizeBytes", bytes);
      }
    }
  }

  /** A node's descriptor as it is written: with its classes as a list. */
  private static ObjectNode listed(ObjectNode json) {
    ObjectNode listed = json.deepCopy();
    listed.putArray("classes").addAll(json.path("classes").valueStream().toList());
    return listed;
  }

  /** That of the cluster. */
  private ObjectNode cluster(JsonNode definitions, Map<String, ObjectNode> nodes) {
    ObjectNode json = common(definitions);
    json.put("compressionType", "none").put("preCompressionSizeBytes", 0L);
    json.put("baseBackupId", "").put("leader", nodes.keySet().iterator().next());
    json.putObject("node_mapping");
    ObjectNode all = json.putObject("nodes");
    for (String node : nodes.keySet()) {
      var classes =
          all.putObject(node).put("status", "SUCCESS").put("error", "").putArray("classes");
      definitions.path("collections").fieldNames().forEachRemaining(classes::add);
    }
    return json;
  }
}
