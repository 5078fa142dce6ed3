package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Reply;
import dev.tidemark.engine.http.Throttle;
import dev.tidemark.engine.http.Tls;
import dev.tidemark.engine.http.TlsFiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's REST API. Whatever only reads is asked of the endpoints in turn until one answers.
 * The key is read when it is first needed.
 */
final class Weaviate {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Tenants that one request activates or puts back. */
  private static final int TENANTS_AT_ONCE = 100;

  private final WeaviateConfig config;
  private final SecretStore secrets;
  private @Nullable List<Endpoint> endpoints;

  Weaviate(WeaviateConfig config, SecretStore secrets) {
    this.config = config;
    this.secrets = secrets;
  }

  private synchronized List<Endpoint> endpoints() {
    if (endpoints == null) {
      HttpClient client = client();
      String key = config.apiKey() == null ? null : "Bearer " + secrets.resolve(config.apiKey());
      List<Endpoint> made = new ArrayList<>();
      for (URI address : config.endpoints()) {
        made.add(
            new Endpoint(config.name(), address, client, key, config.deadline(), Throttle.NONE));
      }
      endpoints = List.copyOf(made);
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

  /** What one endpoint is asked. */
  private interface Question<T> {
    T of(Endpoint endpoint);
  }

  /** The answer of the endpoint that answers first. */
  private <T> T any(Question<T> question) {
    List<String> failures = new ArrayList<>();
    for (Endpoint endpoint : endpoints()) {
      try {
        return question.of(endpoint);
      } catch (TransientFailure e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
    throw new TransientFailure(String.join("; ", failures));
  }

  private JsonNode get(String path) {
    return any(endpoint -> endpoint.get(path).json());
  }

  /** Version, modules. */
  JsonNode meta() {
    return get("/v1/meta");
  }

  Version version() {
    return Version.parse(meta().path("version").asText());
  }

  /** All nodes with their shards that are loaded. */
  JsonNode nodes() {
    return get("/v1/nodes?output=verbose");
  }

  /** Of the consensus; missing where the server is too old to tell. */
  JsonNode statistics() {
    return optional("/v1/cluster/statistics");
  }

  /** What a server that knows the path answers; missing where it does not. */
  JsonNode optional(String path) {
    return any(
        endpoint -> {
          Reply reply = endpoint.ask("GET", path, null);
          if (reply.status() == 404 || reply.status() == 501 || reply.status() == 405) {
            return JsonNodeFactory.instance.missingNode();
          }
          return required(reply).json();
        });
  }

  private Reply required(Reply reply) {
    if (reply.status() >= 500 || Refusal.isUnsettled(reply)) {
      throw new TransientFailure(reply.request() + ": " + reply.words());
    }
    if (reply.status() == 401 || reply.status() == 403) {
      throw PermanentFailure.of(Kind.INVALID, "cluster " + config.name())
          .expected("a key that may do this")
          .found(reply.request() + ": " + reply.words())
          .hint(
              "give the key's role manage_backups, read_cluster, read_nodes, read_collections,"
                  + " read_tenants and read_data, or correct the cluster's apiKey");
    }
    return reply;
  }

  /** Definitions of collections. */
  JsonNode schema() {
    return get("/v1/schema");
  }

  JsonNode aliases() {
    return optional("/v1/aliases");
  }

  /** Names of tenants to their statuses as of 1.26 and later. */
  Map<String, TenantStatus> tenants(String collection) {
    Map<String, TenantStatus> tenants = new TreeMap<>();
    for (JsonNode each : get(Endpoint.path("v1", "schema", collection, "tenants"))) {
      tenants.put(
          each.path("name").asText(), TenantStatus.of(each.path("activityStatus").asText()));
    }
    return tenants;
  }

  /** Changes the status of tenants. */
  void setTenants(String collection, List<String> tenants, TenantStatus status) {
    for (int at = 0; at < tenants.size(); at += TENANTS_AT_ONCE) {
      ArrayNode body = JsonNodeFactory.instance.arrayNode();
      for (String each : tenants.subList(at, Math.min(tenants.size(), at + TENANTS_AT_ONCE))) {
        body.addObject().put("name", each).put("activityStatus", status.word());
      }
      any(
          endpoint ->
              required(
                      endpoint.ask(
                          "PUT", Endpoint.path("v1", "schema", collection, "tenants"), body))
                  .required());
    }
  }

  /** Names and statuses of a collection's shards; missing where it has no index. */
  JsonNode shards(String collection) {
    return optional(Endpoint.path("v1", "schema", collection, "shards"));
  }

  /** Where each shard's copies are; missing where the server is too old to tell. */
  JsonNode placement(String collection) {
    return optional("/v1/replication/sharding-state?collection=" + Endpoint.escape(collection))
        .path("shardingState");
  }

  /** An answer to a question in GraphQL. */
  JsonNode query(String question) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("query", question);
    return any(endpoint -> required(endpoint.ask("POST", "/v1/graphql", body)).json());
  }

  /** An object with its vectors; missing where there is none. */
  JsonNode object(String collection, String tenant, String id) {
    String path =
        Endpoint.path("v1", "objects", collection, id)
            + "?include=vector"
            + (tenant.isEmpty() ? "" : "&tenant=" + Endpoint.escape(tenant));
    return any(
        endpoint -> {
          Reply reply = required(endpoint.ask("GET", path, null));
          // 422: the tenant is gone, or not active.
          return reply.status() == 404 || reply.status() == 422
              ? JsonNodeFactory.instance.missingNode()
              : reply.json();
        });
  }

  /** A few objects, in the server's order; none of a tenant that is not active. */
  JsonNode objects(String collection, String tenant, int limit) {
    String path =
        "/v1/objects?class=%s&limit=%d".formatted(Endpoint.escape(collection), limit)
            + (tenant.isEmpty() ? "" : "&tenant=" + Endpoint.escape(tenant));
    return any(
        endpoint -> {
          Reply reply = required(endpoint.ask("GET", path, null));
          return reply.status() == 404 || reply.status() == 422
              ? JsonNodeFactory.instance.missingNode()
              : reply.json().path("objects");
        });
  }

  /**
   * Asks a node that is ready to make a native backup, and to coordinate it. Its refusal is told by
   * {@link Refusal}.
   *
   * @throws TransientFailure where it is not known what became of it
   */
  Reply create(ObjectNode request) {
    return any(
        endpoint -> {
          Reply ready = endpoint.ask("GET", "/v1/.well-known/ready", null);
          if (!ready.ok()) {
            throw new TransientFailure(endpoint + " is not ready: " + ready.words());
          }
          return authorized(
              endpoint.ask("POST", Endpoint.path("v1", "backups", config.backend()), request));
        });
  }

  private Reply authorized(Reply reply) {
    return reply.status() == 401 || reply.status() == 403 ? required(reply) : reply;
  }

  /**
   * Cancels a native backup by every endpoint: only who coordinates it can, and one that has ended
   * is none of anybody's. Whether it has ended, its descriptor tells.
   *
   * @param place query that names bucket and path, or empty
   */
  void cancel(String id, String place) {
    List<String> failures = new ArrayList<>();
    int told = 0;
    for (Endpoint endpoint : endpoints()) {
      try {
        Reply reply =
            endpoint.ask(
                "DELETE", Endpoint.path("v1", "backups", config.backend(), id) + place, null);
        if (reply.status() >= 500) {
          failures.add(reply.words());
        } else {
          authorized(reply);
          told++;
        }
      } catch (TransientFailure e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
    if (told == 0) {
      throw new TransientFailure("native backup " + id + ": " + String.join("; ", failures));
    }
  }

  /** Status and error of a native backup, as any node tells; missing where there is none. */
  JsonNode status(String id, String place) {
    return optional(Endpoint.path("v1", "backups", config.backend(), id) + place);
  }

  /**
   * Asks a node that is ready to restore a native backup, and to coordinate that.
   *
   * @param by which of the endpoints is asked; -1 for the first that is ready
   * @return the answer of the server, and which endpoint gave it
   * @throws TransientFailure where it is not known what became of it
   */
  Answered restore(String id, ObjectNode request, int by) {
    List<String> failures = new ArrayList<>();
    List<Endpoint> all = endpoints();
    for (int i = 0; i < all.size(); i++) {
      if (by >= 0 && by < all.size() && by != i) {
        continue;
      }
      try {
        Reply ready = all.get(i).ask("GET", "/v1/.well-known/ready", null);
        if (ready.ok()) {
          String path = Endpoint.path("v1", "backups", config.backend(), id, "restore");
          return new Answered(authorized(all.get(i).ask("POST", path, request)), i);
        }
        failures.add(all.get(i) + " is not ready: " + ready.words());
      } catch (TransientFailure e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
    throw new TransientFailure(String.join("; ", failures));
  }

  /** An answer, and the number of the endpoint that gave it. */
  record Answered(Reply reply, int by) {}

  /** The endpoints that do not answer, or are not ready, each with what became of the question. */
  List<String> silent() {
    List<String> silent = new ArrayList<>();
    for (Endpoint endpoint : endpoints()) {
      try {
        Reply ready = endpoint.ask("GET", "/v1/.well-known/ready", null);
        if (!ready.ok()) {
          silent.add(endpoint + " is not ready: " + ready.words());
        }
      } catch (TransientFailure e) {
        silent.add(String.valueOf(e.getMessage()));
      }
    }
    return silent;
  }

  /** How many endpoints are known; as many as nodes where each is the address of one. */
  int endpointCount() {
    return endpoints().size();
  }

  /**
   * Cancels a native restore; whether it has ended, its descriptor tells.
   *
   * @param place query that names bucket and path, or empty
   */
  Reply cancelRestore(String id, String place) {
    String path = Endpoint.path("v1", "backups", config.backend(), id, "restore") + place;
    return any(endpoint -> required(endpoint.ask("DELETE", path, null)));
  }

  /**
   * Makes a collection without objects.
   *
   * @throws TransientFailure also where there is one of that name already, which may be ours, of a
   *     request whose answer was lost: who looks anew can tell
   */
  void createCollection(ObjectNode definition) {
    Reply reply = any(endpoint -> required(endpoint.ask("POST", "/v1/schema", definition)));
    if (reply.status() == 422 && reply.words().contains("already exists")) {
      throw new TransientFailure(reply.request() + ": " + reply.words());
    }
    Reply unused = reply.required();
  }

  /** Drops a collection; one that is not there is dropped. */
  void drop(String collection) {
    Reply unused =
        any(
            endpoint ->
                required(endpoint.ask("DELETE", Endpoint.path("v1", "schema", collection), null))
                    .required());
  }
}
