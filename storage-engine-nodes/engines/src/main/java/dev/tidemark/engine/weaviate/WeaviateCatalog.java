package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Census;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.engine.weaviate.Inventory.Copy;
import dev.tidemark.engine.weaviate.NodeDescriptor.Place;
import dev.tidemark.engine.weaviate.WeaviateConfig.Access;
import dev.tidemark.engine.weaviate.WeaviateConfig.InactiveTenants;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the servers tell. A server has no identity that would not survive it: the fingerprint is of
 * its nodes' names. A cluster that was made anew under the same names so goes on with the old one's
 * base, which does no harm: no file has a strong identity, so each is read and compared.
 */
record WeaviateCatalog(Weaviate server, WeaviateConfig config, StagingArea area)
    implements Catalog {

  @Override
  public ClusterDescription describe() {
    Version version = server.version();
    JsonNode classes = server.schema().path("classes");
    List<String> nodes = nodes();
    Map<String, String> notIncluded = new TreeMap<>();
    Map<String, String> alsoIncluded = new TreeMap<>();
    List<String> collections = new ArrayList<>();
    for (JsonNode each : classes) {
      String name = each.path("class").asText();
      collections.add(name);
      if (Tenancy.of(each)) {
        Map<String, TenantStatus> tenants = server.tenants(name);
        tenants.forEach((tenant, status) -> tell(version, name, tenant, status, notIncluded));
        alsoIncluded.put(name, counted(version, tenants.values()));
      }
    }
    collections.sort(null);
    tellTheRest(version, notIncluded, alsoIncluded);
    return new ClusterDescription(
        version.toString(),
        fingerprint(nodes),
        "point-in-time",
        "unit",
        nodes,
        collections,
        notIncluded,
        alsoIncluded,
        List.of());
  }

  /** Tenants that are included, by what they are. */
  private String counted(Version version, Collection<TenantStatus> tenants) {
    long active = tenants.stream().filter(TenantStatus.ACTIVE::equals).count();
    long inactive = tenants.stream().filter(TenantStatus.INACTIVE::equals).count();
    return "%d tenants active, %d inactive"
        .formatted(active, includesInactive(version) ? inactive : 0);
  }

  private boolean includesInactive(Version version) {
    return version.includesInactive() || config.inactiveTenants() == InactiveTenants.ACTIVATE;
  }

  private List<String> nodes() {
    List<String> nodes = new ArrayList<>();
    server.nodes().path("nodes").forEach(node -> nodes.add(node.path("name").asText()));
    nodes.sort(null);
    return nodes;
  }

  @Override
  public String fingerprint() {
    return fingerprint(nodes());
  }

  private static String fingerprint(List<String> nodes) {
    return String.join(",", nodes);
  }

  private void tell(
      Version version,
      String collection,
      String tenant,
      TenantStatus status,
      Map<String, String> notIncluded) {
    String shard = new Shard(collection, tenant, "", 0).canonicalName();
    if (status == TenantStatus.OFFLOADED) {
      notIncluded.put(shard, "the tenant is offloaded: its data are in the offload bucket only");
    } else if (status == TenantStatus.INACTIVE && !includesInactive(version)) {
      notIncluded.put(
          shard,
          "the tenant is inactive, and Weaviate %s leaves those out; inactiveTenants: activate"
                  .formatted(version)
              + " includes it");
    }
  }

  private void tellTheRest(
      Version version, Map<String, String> notIncluded, Map<String, String> alsoIncluded) {
    if (config.access() == Access.LEFT_OUT && version.knowsUsers()) {
      notIncluded.put("users and roles", "usersAndRoles: left-out");
    } else if (version.knowsUsers()) {
      alsoIncluded.put("users and roles", "all that the servers keep themselves");
    }
    for (JsonNode each : server.aliases().path("aliases")) {
      String name = "alias " + each.path("alias").asText();
      if (version.knowsAliases()) {
        alsoIncluded.merge(each.path("class").asText(), name, (a, b) -> a + ", " + b);
      } else {
        notIncluded.put(name, "Weaviate %s leaves it out".formatted(version));
      }
    }
  }

  @Override
  public List<Shard> shards(@Nullable String after, int limit) {
    Map<String, TreeSet<String>> loaded = new HashMap<>();
    String anyNode = "";
    for (JsonNode node : server.nodes().path("nodes")) {
      anyNode = node.path("name").asText();
      for (JsonNode shard : node.path("shards")) {
        String key = shard.path("class").asText() + "/" + shard.path("name").asText();
        loaded.computeIfAbsent(key, none -> new TreeSet<>()).add(anyNode);
      }
    }
    List<Copy> copies = new ArrayList<>();
    for (JsonNode definition : server.schema().path("classes")) {
      copies.addAll(copies(definition, loaded, anyNode));
    }
    return new Inventory("", "", copies)
        .shards(config.replicas()).stream()
            .filter(shard -> after == null || shard.canonicalName().compareTo(after) > 0)
            .sorted(Comparator.comparing(Shard::canonicalName))
            .limit(limit)
            .toList();
  }

  /**
   * Where the cluster has placed shards. Most servers do not tell that, but only which shards are
   * loaded; of tenants that are not, the node is a guess, which nothing relies on: what a run reads
   * is what its native backup holds.
   */
  private List<Copy> copies(
      JsonNode definition, Map<String, TreeSet<String>> loaded, String anyNode) {
    String collection = definition.path("class").asText();
    Map<String, TreeSet<String>> placed = new TreeMap<>();
    for (JsonNode shard : server.placement(collection).path("shards")) {
      var nodes = new TreeSet<String>();
      shard.path("replicas").forEach(node -> nodes.add(node.asText()));
      placed.put(shard.path("shard").asText(), nodes);
    }
    String prefix = collection + "/";
    loaded.forEach(
        (key, nodes) -> {
          if (key.startsWith(prefix)) {
            placed.putIfAbsent(key.substring(prefix.length()), nodes);
          }
        });
    if (Tenancy.of(definition)) {
      server
          .tenants(collection)
          .keySet()
          .forEach(tenant -> placed.putIfAbsent(tenant, new TreeSet<>(List.of(anyNode))));
      if (placed.isEmpty()) {
        return List.of(Copy.ofNone(collection, anyNode));
      }
    }
    List<Copy> copies = new ArrayList<>();
    placed.forEach(
        (shard, nodes) ->
            nodes.forEach(
                node -> copies.add(new Copy(collection, shard, node, List.of(), 0, Place.NONE))));
    return copies;
  }

  /**
   * By Aggregate, which counts what is in memory too: of each tenant that is active, and of each
   * collection without tenants as a whole, under the name of its shard where it has one only.
   */
  @Override
  public Census census(List<String> collections) {
    Map<String, Long> counts = new TreeMap<>();
    var counting = new Counting(server);
    Map<String, List<Shard>> shards = byCollection();
    for (JsonNode definition : server.schema().path("classes")) {
      String name = definition.path("class").asText();
      if (!collections.contains(name)) {
        continue;
      }
      if (Tenancy.of(definition)) {
        counting.tenants(name).forEach((tenant, n) -> counts.put(canonical(name, tenant), n));
      } else {
        List<Shard> of = shards.getOrDefault(name, List.of());
        String counted = of.size() == 1 ? of.get(0).canonicalName() : canonical(name, "");
        counts.put(counted, counting.all(name));
      }
    }
    return new Census(counts);
  }

  private Map<String, List<Shard>> byCollection() {
    Map<String, List<Shard>> shards = new HashMap<>();
    for (Shard shard : shards(null, Integer.MAX_VALUE)) {
      shards.computeIfAbsent(shard.collection(), none -> new ArrayList<>()).add(shard);
    }
    return shards;
  }

  private static String canonical(String collection, String shard) {
    return new Shard(collection, shard, "", 0).canonicalName();
  }

  /** The definitions as they are now; a backup has those of its own moment. */
  @Override
  public String schema(List<String> collections) {
    ObjectNode some = JsonNodeFactory.instance.objectNode().put("format", "weaviate/1");
    ObjectNode of = some.putObject("collections");
    for (JsonNode each : server.schema().path("classes")) {
      if (collections.contains(each.path("class").asText())) {
        of.putObject(each.path("class").asText()).set("schema", each);
      }
    }
    return some.toString();
  }

  @Override
  public List<Probe> probes(Shard shard) {
    return new Questions(server).about(shard);
  }

  @Override
  public Map<Probe, String> answers(List<Probe> probes) {
    return new Questions(server).answers(probes);
  }

  /** Folders of the staging area, native backups and what was laid out of them. */
  @Override
  public List<String> leftovers(String deployment) {
    return new Desk(area).folders("tidemark-" + deployment + "-");
  }
}
