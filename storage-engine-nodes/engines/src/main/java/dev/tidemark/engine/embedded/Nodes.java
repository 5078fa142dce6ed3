package dev.tidemark.engine.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Throttle;
import dev.tidemark.engine.http.Tls;
import dev.tidemark.engine.http.TlsFiles;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The nodes of a cluster. The key is read when it is first needed. */
final class Nodes {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final EmbeddedConfig config;
  private final SecretStore secrets;
  private @Nullable Map<String, Endpoint> endpoints;

  Nodes(EmbeddedConfig config, SecretStore secrets) {
    this.config = config;
    this.secrets = secrets;
  }

  private synchronized Map<String, Endpoint> all() {
    if (endpoints == null) {
      var made = new TreeMap<String, Endpoint>();
      HttpClient client = client();
      String key = config.apiKey() == null ? null : "Bearer " + secrets.resolve(config.apiKey());
      config
          .nodes()
          .forEach(
              (name, address) ->
                  made.put(
                      name,
                      new Endpoint(
                          name,
                          address,
                          client,
                          key,
                          config.deadline(),
                          new Throttle(config.bytesPerSecond()))));
      endpoints = made;
    }
    return endpoints;
  }

  private HttpClient client() {
    var builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    TlsFiles tls = config.tls();
    if (tls != null) {
      builder.sslContext(
          Tls.ofFiles(
              "clusters." + config.name() + ".tls", tls.authority(), tls.certificate(), tls.key()));
    }
    return builder.build();
  }

  /** Every configured node, in order of their names. */
  List<Endpoint> every() {
    return List.copyOf(all().values());
  }

  /**
   * A node by its name.
   *
   * @throws PermanentFailure NOT_FOUND where it is not configured
   */
  Endpoint node(String name) {
    Endpoint found = all().get(name);
    if (found == null) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "node " + name + " of cluster " + config.name())
          .expected("one of " + String.join(", ", all().keySet()))
          .found("no such node in the configuration")
          .hint("add it to clusters." + config.name() + ".nodes");
    }
    return found;
  }

  /** The node that answers first of those that can tell what the cluster is. */
  private JsonNode cluster() {
    List<String> failures = new ArrayList<>();
    for (Endpoint node : every()) {
      try {
        return node.get("/v1/cluster").json();
      } catch (TransientFailure e) {
        failures.add(e.getMessage());
      }
    }
    throw new TransientFailure(
        "no node of cluster " + config.name() + " answers: " + String.join("; ", failures));
  }

  /**
   * Asks the cluster for its nodes.
   *
   * @throws PermanentFailure INVALID where the configuration knows other ones
   */
  void requireConfigured() {
    JsonNode cluster = cluster();
    List<String> named = new ArrayList<>();
    cluster.path("nodes").forEach(node -> named.add(node.path("name").asText()));
    named.sort(null);
    if (!named.equals(List.copyOf(all().keySet()))) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + config.name() + ".nodes")
          .expected("the nodes of the cluster: " + String.join(", ", named))
          .found(String.join(", ", all().keySet()))
          .hint(
              "correct the configuration; shards on a node that it does not name would be missed");
    }
  }

  /** The node that holds the schema. */
  Endpoint schemaNode() {
    return node(cluster().path("schemaNode").asText());
  }

  /** The collections and aliases. */
  JsonNode schema() {
    return schemaNode().get("/v1/schema").json();
  }

  /** What each node says of itself; one that does not answer is left out. */
  Map<String, JsonNode> states(List<String> missing) {
    var states = new TreeMap<String, JsonNode>();
    for (Endpoint node : every()) {
      try {
        states.put(node.name(), node.get("/v1/node").json());
      } catch (TransientFailure e) {
        missing.add(node.name() + ": " + e.getMessage());
      }
    }
    return states;
  }

  /** Where a schema places a collection's shard. */
  static Optional<String> placeIn(JsonNode schema, String collection, String shard) {
    for (JsonNode each : schema.path("collections")) {
      if (each.path("name").asText().equals(collection)) {
        for (JsonNode placed : each.path("shards")) {
          if (placed.path("name").asText().equals(shard)) {
            return Optional.of(placed.path("node").asText());
          }
        }
      }
    }
    return Optional.empty();
  }
}
