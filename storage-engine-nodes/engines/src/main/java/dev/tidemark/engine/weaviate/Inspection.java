package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.engine.weaviate.Inventory.Copy;
import dev.tidemark.engine.weaviate.NodeDescriptor.ClassPart;
import dev.tidemark.engine.weaviate.NodeDescriptor.Place;
import dev.tidemark.engine.weaviate.NodeDescriptor.ShardPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks whether a native backup is whole as far as can be told without its chunks' content: every
 * node's descriptor, every collection, every shard, every chunk. What is in the chunks is looked at
 * when they are read.
 */
record Inspection(Desk desk, Weaviate server) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws PermanentFailure DAMAGED where something is missing
   */
  Inventory inspect(ClusterDescriptor descriptor) {
    if (!descriptor.base().isEmpty()) {
      throw Damage.of(Names.cluster(descriptor.id()), "no base", "the base " + descriptor.base());
    }
    List<Copy> copies = new ArrayList<>();
    Map<String, Set<String>> undivided = new TreeMap<>();
    for (Map.Entry<String, List<String>> each : descriptor.nodes().entrySet()) {
      copies.addAll(node(descriptor, each.getKey(), each.getValue(), undivided));
    }
    undivided.forEach((collection, shards) -> requireAll(descriptor, collection, shards, copies));
    copies.addAll(empty(descriptor, undivided.keySet(), copies));
    return new Inventory(descriptor.id(), descriptor.compression(), List.copyOf(copies));
  }

  /** Of collections that have no shard: of tenants, of which there is none, or none with files. */
  private static List<Copy> empty(
      ClusterDescriptor descriptor, Set<String> collections, List<Copy> copies) {
    Set<String> without = new TreeSet<>(collections);
    copies.forEach(copy -> without.remove(copy.collection()));
    List<Copy> empty = new ArrayList<>();
    descriptor
        .nodes()
        .forEach(
            (node, of) ->
                of.stream()
                    .filter(without::remove)
                    .forEach(collection -> empty.add(Copy.ofNone(collection, node))));
    return empty;
  }

  private List<Copy> node(
      ClusterDescriptor descriptor,
      String node,
      List<String> expected,
      Map<String, Set<String>> undivided) {
    String key = Names.node(descriptor.id(), node);
    if (desk.area().head(key).isEmpty()) {
      throw Damage.of(key, "the descriptor of node " + node, "none");
    }
    NodeDescriptor found =
        NodeDescriptor.read(desk.area(), key, node, NodeDescriptor.Wanted.NO_FILES);
    if (!found.succeeded()) {
      throw Damage.of(
          key, "SUCCESS", found.rest().path("status").asText("nothing") + " " + found.error());
    }
    if (!found.rest().path("id").asText().equals(descriptor.id())) {
      throw Damage.of(key, "id " + descriptor.id(), found.rest().path("id").asText("none"));
    }
    List<String> classes = found.classes().stream().map(ClassPart::name).sorted().toList();
    if (!classes.equals(expected)) {
      throw Damage.of(key, "collections " + expected, classes.toString());
    }
    List<Copy> copies = new ArrayList<>();
    for (ClassPart part : found.classes()) {
      if (part.dropped()) {
        requireDropped(key, part.name());
      } else {
        copies.addAll(copies(descriptor.id(), node, part));
        undivided
            .computeIfAbsent(part.name(), name -> new TreeSet<>())
            .addAll(shardsOfNoTenant(key, part));
      }
    }
    return copies;
  }

  /** A collection that was dropped while the backup was made has an empty part. */
  private void requireDropped(String key, String collection) {
    for (JsonNode each : server.schema().path("classes")) {
      if (each.path("class").asText().equals(collection)) {
        throw Damage.of(key, "the definition of collection " + collection, "none");
      }
    }
  }

  private List<Copy> copies(String id, String node, ClassPart part) {
    SortedMap<Integer, Long> sizes = sizes(id, node, part);
    Map<String, List<Integer>> chunks = new TreeMap<>();
    Map<String, Long> bytes = new TreeMap<>();
    part.chunks()
        .forEach(
            (number, shards) -> {
              for (String shard : shards) {
                chunks.computeIfAbsent(shard, name -> new ArrayList<>()).add(number);
                bytes.merge(shard, sizes.getOrDefault(number, 0L) / shards.size(), Long::sum);
              }
            });
    List<Copy> copies = new ArrayList<>();
    for (ShardPart shard : part.shards()) {
      List<Integer> of = chunks.get(shard.name());
      if (of == null) {
        throw Damage.of(
            Names.node(id, node),
            "a chunk with shard %s of collection %s".formatted(shard.name(), part.name()),
            "none");
      }
      copies.add(
          new Copy(
              part.name(),
              shard.name(),
              node,
              of,
              bytes.getOrDefault(shard.name(), 0L),
              part.places().getOrDefault(shard.name(), Place.NONE)));
    }
    return copies;
  }

  /** Of the chunks, all of which are there. */
  private SortedMap<Integer, Long> sizes(String id, String node, ClassPart part) {
    var sizes = new TreeMap<Integer, Long>();
    String prefix = Names.chunk(id, node, part.name(), 0);
    String folder = prefix.substring(0, prefix.length() - 1);
    desk.each(
        folder,
        object -> {
          String number = object.key().substring(folder.length());
          if (number.matches("[0-9]{1,9}")) {
            sizes.put(Integer.valueOf(number), object.size());
          }
        });
    for (int number : part.chunks().keySet()) {
      if (sizes.getOrDefault(number, 0L) == 0) {
        throw Damage.of(
            Names.chunk(id, node, part.name(), number),
            "a chunk",
            sizes.containsKey(number) ? "an empty object" : "none");
      }
    }
    return sizes;
  }

  /** Of a collection without tenants, whose shards are always the same. */
  private static Set<String> shardsOfNoTenant(String key, ClassPart part) {
    Set<String> shards = new TreeSet<>();
    JsonNode state = decoded(key, part, "shardingState");
    if (!state.path("partitioningEnabled").asBoolean(false)) {
      state.path("physical").fieldNames().forEachRemaining(shards::add);
    }
    return shards;
  }

  /** A field that is JSON in Base64. */
  static JsonNode decoded(String key, ClassPart part, String field) {
    try {
      byte[] bytes = part.rest().path(field).binaryValue();
      return JSON.readTree(bytes == null ? new byte[0] : bytes);
    } catch (IOException e) {
      throw Damage.of(key, "the " + field + " of collection " + part.name(), "something else")
          .cause(e);
    }
  }

  private static void requireAll(
      ClusterDescriptor descriptor, String collection, Set<String> shards, List<Copy> copies) {
    var missing = new TreeSet<>(shards);
    for (Copy copy : copies) {
      if (copy.collection().equals(collection)) {
        missing.remove(copy.shard());
      }
    }
    if (!missing.isEmpty()) {
      throw Damage.of(
          Names.cluster(descriptor.id()),
          "all shards of collection " + collection,
          "no copy of " + String.join(", ", missing));
    }
  }
}
