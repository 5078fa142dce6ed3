package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.weaviate.NodeDescriptor.ClassPart;
import dev.tidemark.engine.weaviate.NodeDescriptor.ShardPart;
import dev.tidemark.engine.weaviate.WeaviateConfig.Access;
import java.util.Set;

/**
 * What a native backup says beside its files, from which a restore rebuilds its descriptors:
 *
 * <pre>{@code
 * { "format": "weaviate/1",
 *   "backups": [ { "id", "version", "serverVersion", "leader", "startedAt" } ],
 *   "collections": { "Article": { "schema": {…}, "shardingState": {…}, "aliases": […],
 *                                 "nodes": { "weaviate-0": ["shard", …] } } },
 *   "users": "<Base64>", "roles": "<Base64>" }
 * }</pre>
 *
 * Schema, sharding state and aliases are JSON as the server has it; users and roles are as it wrote
 * them, and absent where they are left out or there are none.
 */
final class Definitions {
  private final Access access;
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  Definitions(Access access) {
    this.access = access;
    json.put("format", "weaviate/1");
    json.putArray("backups");
    json.putObject("collections");
  }

  void cluster(ClusterDescriptor descriptor) {
    json.withArray("backups")
        .addObject()
        .put("id", descriptor.id())
        .put("serverVersion", descriptor.serverVersion())
        .put("leader", descriptor.leader())
        .put("startedAt", descriptor.started().toString());
  }

  void node(String key, NodeDescriptor node, Set<String> collections) {
    for (ClassPart part : node.classes()) {
      if (collections.contains(part.name()) && !part.dropped()) {
        collection(key, node.node(), part);
      }
    }
    ((ObjectNode) json.withArray("backups").get(json.withArray("backups").size() - 1))
        .put("version", node.rest().path("version").asText());
    if (access == Access.INCLUDED) {
      keep(node, "userBackups", "users");
      keep(node, "rbacBackups", "roles");
    }
  }

  private void keep(NodeDescriptor node, String from, String to) {
    String text = node.rest().path(from).asText("");
    if (!text.isEmpty() && !text.equals("null") && !json.has(to)) {
      json.put(to, text);
    }
  }

  private void collection(String key, String node, ClassPart part) {
    ObjectNode all = (ObjectNode) json.path("collections");
    ObjectNode of = all.withObject("/" + part.name());
    if (of.isEmpty()) {
      of.set("schema", Inspection.decoded(key, part, "schema"));
      of.set("shardingState", Inspection.decoded(key, part, "shardingState"));
      if (!part.rest().path("aliases").asText("").isEmpty()) {
        of.set("aliases", Inspection.decoded(key, part, "aliases"));
      }
    }
    var shards = of.withObject("/nodes").putArray(node);
    part.shards().stream().map(ShardPart::name).sorted().forEach(shards::add);
  }

  String text() {
    return json.toString();
  }
}
