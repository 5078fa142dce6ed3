package dev.tidemark.contract.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What applications ask of nodes. A refusal is an AssertionError. */
public final class NodeApi {
  public static final int DIMENSIONS = 16;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient PLAIN = client().build();

  private final Map<String, String> addresses;
  private final String key;
  private final HttpClient http;

  NodeApi(Map<String, String> addresses, String key, Optional<SSLContext> tls) {
    this.addresses = addresses;
    this.key = key;
    this.http = tls.map(context -> client().sslContext(context).build()).orElse(PLAIN);
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(20));
  }

  private String address(String node) {
    return Objects.requireNonNull(addresses.get(node), node);
  }

  boolean isReady(String node) {
    try {
      return send("GET", address(node) + "/v1/ready", "").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Makes a collection of shards, each on a node. */
  public void collection(String name, Map<String, String> shardsToNodes) {
    ObjectNode body = definition(name);
    var shards = body.putArray("shards");
    new TreeMap<>(shardsToNodes)
        .forEach((shard, node) -> shards.addObject().put("name", shard).put("node", node));
    call("POST", "/v1/collections", body);
  }

  /** Makes a collection of tenants. */
  public void tenants(String name, List<String> tenants) {
    call("POST", "/v1/collections", definition(name).put("multiTenant", true));
    moreTenants(name, "", tenants);
  }

  /**
   * Adds tenants to a collection of tenants.
   *
   * @param node on which they are placed; empty where that is left to the cluster
   */
  public void moreTenants(String name, String node, List<String> tenants) {
    String token = "tenants-" + name + "-" + tenants.get(0);
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("token", token);
    var list = body.putArray("tenants");
    for (String tenant : tenants) {
      ObjectNode added = list.addObject().put("name", tenant);
      if (!node.isEmpty()) {
        added.put("node", node);
      }
    }
    call("POST", "/v1/collections/" + name + "/tenants", body);
  }

  private static ObjectNode definition(String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("token", "create-" + name)
        .put("name", name)
        .put("dimensions", DIMENSIONS)
        .put("distance", "cosine");
  }

  public void status(String collection, String tenant, String status) {
    call(
        "PUT",
        "/v1/collections/" + collection + "/tenants/" + tenant + "/status",
        JsonNodeFactory.instance.objectNode().put("status", status));
  }

  public void alias(String alias, String collection) {
    call(
        "PUT",
        "/v1/aliases/" + alias,
        JsonNodeFactory.instance.objectNode().put("collection", collection));
  }

  public void drop(String collection) {
    call("DELETE", "/v1/collections/" + collection, null);
  }

  public void drop(String collection, String tenant) {
    call("DELETE", "/v1/collections/" + collection + "/tenants/" + tenant, null);
  }

  /** Stores objects {@code from} to {@code to}, whose content follows from number and version. */
  public void store(String collection, String tenant, int from, int to, int version) {
    for (int at = from; at < to; at += 500) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      var objects = body.putArray("objects");
      for (int i = at; i < Math.min(to, at + 500); i++) {
        object(objects.addObject(), i, version);
      }
      JsonNode answer = call("POST", objects(collection, tenant), body);
      if (answer.path("stored").asInt() != objects.size()) {
        throw new AssertionError(answer.toString());
      }
    }
  }

  private static void object(ObjectNode object, int number, int version) {
    var random = new Random(number * 1_000_003L + version);
    object.put("id", id(number));
    var vector = object.putArray("vector");
    for (int i = 0; i < DIMENSIONS; i++) {
      vector.add(random.nextFloat() - 0.5f);
    }
    // Not to be compressed, so that files have a size.
    byte[] noise = new byte[600];
    random.nextBytes(noise);
    object
        .putObject("properties")
        .put("version", version)
        .put("noise", new String(Base64.getEncoder().encode(noise), StandardCharsets.US_ASCII));
  }

  public static String id(int number) {
    return "%08x".formatted(number * 0x9E3779B1);
  }

  private static String objects(String collection, String tenant) {
    return "/v1/collections/"
        + collection
        + "/objects"
        + (tenant.isEmpty() ? "" : "?tenant=" + tenant);
  }

  public long count(String collection, String tenant) {
    return call("GET", objects(collection, tenant).replace("/objects", "/count"), null)
        .path("count")
        .asLong();
  }

  /** All objects of a collection or tenant: id to content. */
  public Map<String, String> contents(String collection, String tenant) {
    Map<String, String> contents = new TreeMap<>();
    String path = objects(collection, tenant) + (tenant.isEmpty() ? "?" : "&") + "limit=1000";
    for (String after = ""; after != null; ) {
      JsonNode page = call("GET", after.isEmpty() ? path : path + "&after=" + after, null);
      for (JsonNode each : page.path("objects")) {
        contents.put(each.path("id").asText(), each.toString());
      }
      after = page.path("next").isTextual() ? page.path("next").asText() : null;
    }
    return contents;
  }

  /** The versions of all objects in one answer, which shows at most 1 000 of them. */
  public Set<Integer> versionsInOneAnswer(String collection) {
    Set<Integer> versions = new TreeSet<>();
    JsonNode page = call("GET", objects(collection, "") + "?limit=1000", null);
    for (JsonNode each : page.path("objects")) {
      versions.add(each.path("properties").path("version").asInt());
    }
    return versions;
  }

  /** Ids to the versions that {@link #store} gave them. */
  public Map<String, Integer> versions(String collection) {
    Map<String, Integer> versions = new TreeMap<>();
    contents(collection, "").forEach((id, content) -> versions.put(id, version(content)));
    return versions;
  }

  private static int version(String content) {
    try {
      return JSON.readTree(content).path("properties").path("version").asInt();
    } catch (IOException e) {
      throw new AssertionError(content, e);
    }
  }

  /** Makes a shard READY or READONLY. */
  public void shardStatus(String node, String collection, String shard, String status) {
    call(
        address(node),
        "POST",
        "/v1/shards/" + collection + "/" + shard + "/status",
        JsonNodeFactory.instance.objectNode().put("status", status));
  }

  /** What a node says of itself. */
  public JsonNode node(String node) {
    return call(address(node), "GET", "/v1/node", null);
  }

  public JsonNode schema() {
    return call("GET", "/v1/schema", null);
  }

  /** Takes a snapshot as a user does. */
  public void snapshot(String node, String collection, String shard, String name) {
    call(
        address(node),
        "PUT",
        "/v1/shards/" + collection + "/" + shard + "/snapshots/" + name,
        JsonNodeFactory.instance.objectNode().put("ttlSeconds", 3_600));
  }

  public void dropSnapshot(String node, String collection, String shard, String name) {
    call(
        address(node),
        "DELETE",
        "/v1/shards/" + collection + "/" + shard + "/snapshots/" + name,
        null);
  }

  /** Drops those of a node whose names begin so. */
  public void dropSnapshots(String node, String prefix) {
    for (String snapshot : snapshots(node, prefix)) {
      int space = snapshot.indexOf(' ');
      int slash = snapshot.indexOf('/');
      dropSnapshot(
          node,
          snapshot.substring(0, slash),
          snapshot.substring(slash + 1, space),
          snapshot.substring(space + 1));
    }
  }

  /** Snapshots of a node whose names begin so: {@code collection/shard name}. */
  public List<String> snapshots(String node, String prefix) {
    JsonNode all = call(address(node), "GET", "/v1/snapshots?prefix=" + prefix, null);
    List<String> names = new ArrayList<>();
    for (JsonNode each : all.path("snapshots")) {
      names.add(
          each.path("collection").asText()
              + "/"
              + each.path("shard").asText()
              + " "
              + each.path("name").asText());
    }
    return names;
  }

  /** Restores that are not published. */
  public List<String> restores() {
    List<String> tokens = new ArrayList<>();
    for (JsonNode each : call("GET", "/v1/restores?prefix=", null).path("restores")) {
      if (!each.path("state").asText().equals("PUBLISHED")) {
        tokens.add(each.path("token").asText());
      }
    }
    return tokens;
  }

  public void abortRestore(String token) {
    call("DELETE", "/v1/restores/" + token, null);
  }

  private JsonNode call(String method, String path, @Nullable JsonNode body) {
    return call(addresses.values().iterator().next(), method, path, body);
  }

  private JsonNode call(String address, String method, String path, @Nullable JsonNode body) {
    try {
      HttpResponse<String> answer =
          send(method, address + path, body == null ? "" : body.toString());
      if (answer.statusCode() >= 300) {
        throw new AssertionError(
            method + " " + path + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body().isEmpty()
          ? JsonNodeFactory.instance.missingNode()
          : JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private HttpResponse<String> send(String method, String address, String body) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(address))
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .header("Authorization", "Bearer " + key)
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(30))
              .build(),
          BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
