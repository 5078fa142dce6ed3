package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.engine.weaviate.NodeDescriptor.Place;
import dev.tidemark.engine.weaviate.WeaviateConfig.Replicas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a native backup holds that was looked through and found whole: the copies of shards, with
 * their chunks.
 *
 * @param compression "gzip", "zstd" or "none"
 */
record Inventory(String id, String compression, List<Copy> copies) {
  /** Between a shard's name and its node's, where each copy is a shard of its own. */
  private static final char AT = '@';

  /**
   * A shard on a node.
   *
   * @param chunks numbers, ascending
   * @param bytes of its chunks, as far as they are its own
   * @param place where its node's descriptor tells of its files
   */
  record Copy(
      String collection, String shard, String node, List<Integer> chunks, long bytes, Place place) {
    private static final String NONE = "";

    /**
     * What stands for a collection that has no shard, so that it is a unit too, and comes back: one
     * without a name and without files.
     */
    static Copy ofNone(String collection, String node) {
      return new Copy(collection, NONE, node, List.of(), 0, Place.NONE);
    }

    boolean isNone() {
      return isNone(shard);
    }

    static boolean isNone(String shard) {
      return shard.equals(NONE);
    }

    /** As the flow knows it. */
    Shard shard(Replicas replicas) {
      String name = replicas == Replicas.ALL && !isNone() ? shard + AT + node : shard;
      return new Shard(collection, name, node, bytes);
    }

    private String weight() {
      String text = node + "/" + collection + "/" + shard;
      return TreeDigest.sha256Hex(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The server's name of a shard that the flow knows. */
  static String nameOf(Shard shard) {
    int at = shard.shard().lastIndexOf(AT);
    return at < 0 ? shard.shard() : shard.shard().substring(0, at);
  }

  /**
   * The shards that are stored, ordered by their canonical names. Of several copies always the same
   * one, so that a base is of the same files; when a node comes or goes, few shards change theirs.
   */
  List<Shard> shards(Replicas replicas) {
    return chosen(replicas).stream()
        .map(copy -> copy.shard(replicas))
        .sorted(Comparator.comparing(Shard::canonicalName))
        .toList();
  }

  private List<Copy> chosen(Replicas replicas) {
    if (replicas == Replicas.ALL) {
      return copies;
    }
    Map<String, Copy> best = new TreeMap<>();
    for (Copy copy : copies) {
      best.merge(
          copy.collection() + "/" + copy.shard(),
          copy,
          (a, b) -> a.weight().compareTo(b.weight()) >= 0 ? a : b);
    }
    return List.copyOf(best.values());
  }

  /** The copy of a shard on its node. */
  Optional<Copy> copy(Shard shard) {
    String name = nameOf(shard);
    return copies.stream()
        .filter(
            copy ->
                copy.collection().equals(shard.collection())
                    && copy.shard().equals(name)
                    && copy.node().equals(shard.node()))
        .findFirst();
  }

  /** The copies that have files in a chunk. */
  List<Copy> inChunk(Copy of, int chunk) {
    return copies.stream()
        .filter(
            copy ->
                copy.collection().equals(of.collection())
                    && copy.node().equals(of.node())
                    && copy.chunks().contains(chunk))
        .toList();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", id).put("compression", compression);
    var all = json.putArray("copies");
    for (Copy copy : copies) {
      ObjectNode each = all.addObject();
      each.put("collection", copy.collection()).put("shard", copy.shard());
      each.put("node", copy.node()).put("bytes", copy.bytes());
      each.put("at", copy.place().offset()).put("length", copy.place().length());
      var chunks = each.putArray("chunks");
      copy.chunks().forEach(chunks::add);
    }
    return json;
  }

  static Inventory of(JsonNode json) {
    List<Copy> copies = new ArrayList<>();
    for (JsonNode each : json.path("copies")) {
      List<Integer> chunks = new ArrayList<>();
      each.path("chunks").forEach(chunk -> chunks.add(chunk.asInt()));
      copies.add(
          new Copy(
              each.path("collection").asText(),
              each.path("shard").asText(),
              each.path("node").asText(),
              chunks,
              each.path("bytes").asLong(),
              new Place(each.path("at").asLong(), each.path("length").asInt())));
    }
    return new Inventory(
        json.path("id").asText(), json.path("compression").asText(), List.copyOf(copies));
  }
}
