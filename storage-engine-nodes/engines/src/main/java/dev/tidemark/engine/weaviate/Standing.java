package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stands in a cluster. Names of collections are told apart by a server as folders are, without
 * regard to case; an alias may not have the name of a collection.
 *
 * @param collections by their names in lower case
 * @param aliases to their collections
 */
record Standing(Map<String, JsonNode> collections, Map<String, String> aliases) {

  /** The description of a collection that is only made to be dropped. */
  static final String ROOM = "made by Tidemark to empty its folder before a restore";

  static Standing of(Weaviate server) {
    Map<String, JsonNode> collections = new HashMap<>();
    for (JsonNode each : server.schema().path("classes")) {
      collections.put(lower(each.path("class").asText()), each);
    }
    Map<String, String> aliases = new HashMap<>();
    for (JsonNode each : server.aliases().path("aliases")) {
      aliases.put(each.path("alias").asText(), each.path("class").asText());
    }
    return new Standing(collections, aliases);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  Optional<JsonNode> collection(String name) {
    return Optional.ofNullable(collections.get(lower(name)));
  }

  /** What has the name of a collection, in words; empty where it is free. */
  String words(String name) {
    Optional<JsonNode> found = collection(name);
    if (found.isPresent()) {
      String spelled = found.get().path("class").asText();
      return spelled.equals(name) ? "a collection of that name" : "collection " + spelled;
    }
    String of = aliases.get(name);
    return of == null ? "" : "an alias of collection " + of;
  }

  /** What a restore that was asked for has made of a collection. */
  enum Made {
    NOTHING,
    /** It is in the schema and has no index, as where a server died while it applied a restore. */
    HALF,
    WHOLE
  }

  /**
   * What a restore has made of a collection. It is the restore's where it has the shards of the
   * backup, whose names a server draws at random, or the backup's tenants and no other.
   *
   * @param definition of the restore
   */
  Made made(Weaviate server, String name, JsonNode definition) {
    Optional<JsonNode> found = collection(name);
    if (found.isEmpty() || !found.get().path("class").asText().equals(name)) {
      return Made.NOTHING;
    }
    if (found.get().path("description").asText().equals(ROOM)) {
      return Made.HALF;
    }
    // Of inactive tenants a server waits a minute for their shards.
    if (!Tenancy.of(found.get()) && server.shards(name).isMissingNode()) {
      return Made.HALF;
    }
    Set<String> expected = new TreeSet<>();
    definition.path("shardingState").path("physical").fieldNames().forEachRemaining(expected::add);
    boolean ours =
        Tenancy.of(found.get()) == Tenancy.of(definition.path("schema"))
            && shards(server, found.get(), name).equals(expected);
    return ours ? Made.WHOLE : Made.NOTHING;
  }

  /** Names of shards or tenants. */
  static Set<String> shards(Weaviate server, JsonNode found, String name) {
    Set<String> shards = new TreeSet<>();
    if (Tenancy.of(found)) {
      shards.addAll(server.tenants(name).keySet());
    } else {
      server.shards(name).forEach(shard -> shards.add(shard.path("name").asText()));
    }
    return shards;
  }
}
