package dev.tidemark.local.demo;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an application does with a cluster: the nodes' HTTP API. Any failure is an exception. */
final class NodeClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final Map<String, String> addresses;
  private final String key;

  NodeClient(Map<String, String> addresses, String key) {
    this.addresses = new TreeMap<>(addresses);
    this.key = key;
  }

  boolean isReady(String node) {
    try {
      return send("GET", addresses.get(node) + "/v1/ready", "").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Any node does. */
  private String any() {
    return addresses.values().iterator().next();
  }

  void createCollection(ObjectNode definition) {
    call("POST", "/v1/collections", definition.toString());
  }

  void createTenants(String collection, ObjectNode tenants) {
    call("POST", "/v1/collections/" + collection + "/tenants", tenants.toString());
  }

  void setTenantStatus(String collection, String tenant, String status) {
    call(
        "PUT",
        "/v1/collections/" + collection + "/tenants/" + tenant + "/status",
        JsonNodeFactory.instance.objectNode().put("status", status).toString());
  }

  String tenantStatus(String collection, String tenant) {
    for (JsonNode shard : call("GET", "/v1/collections/" + collection, "").path("shards")) {
      if (shard.path("name").asText().equals(tenant)) {
        return shard.path("status").asText();
      }
    }
    return "absent";
  }

  void alias(String alias, String collection) {
    call(
        "PUT",
        "/v1/aliases/" + alias,
        JsonNodeFactory.instance.objectNode().put("collection", collection).toString());
  }

  /** Stores objects; all are on disk when this returns. */
  void store(Place place, List<SampleObject> objects) {
    var body = new StringBuilder(objects.size() * 1_700).append("{\"objects\":[");
    for (int i = 0; i < objects.size(); i++) {
      objects.get(i).write(i == 0 ? body : body.append(','));
    }
    JsonNode stored = call("POST", place.path("objects"), body.append("]}").toString());
    if (stored.path("stored").asInt() != objects.size()) {
      throw new IllegalStateException("not all objects were stored: " + stored);
    }
  }

  long count(Place place) {
    return call("GET", place.path("count"), "").path("count").asLong();
  }

  /** An object's vector bit for bit and its properties, as text. */
  String object(Place place, String id) {
    JsonNode object = call("GET", place.path("objects/" + id), "");
    var text = new StringBuilder();
    for (JsonNode value : object.path("vector")) {
      text.append(Integer.toHexString(Float.floatToRawIntBits(value.floatValue()))).append(' ');
    }
    Map<String, String> properties = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : object.path("properties").properties()) {
      properties.put(each.getKey(), each.getValue().toString());
    }
    return text.append(properties).toString();
  }

  /** The ids of the nearest, in their order. */
  String nearest(Place place, SampleObject query, int k) {
    var body = new StringBuilder("{\"k\":").append(k).append(",\"vector\":");
    query.writeVector(body);
    var ids = new StringBuilder();
    for (JsonNode hit :
        call("POST", place.path("search"), body.append('}').toString()).path("hits")) {
      ids.append(hit.path("id").asText()).append(' ');
    }
    return ids.toString();
  }

  private JsonNode call(String method, String path, String body) {
    try {
      HttpResponse<byte[]> answer = send(method, any() + path, body);
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(
            method
                + " "
                + path
                + ": status "
                + answer.statusCode()
                + " "
                + new String(answer.body(), StandardCharsets.UTF_8));
      }
      return answer.body().length == 0
          ? JsonNodeFactory.instance.missingNode()
          : JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path + ": " + e, e);
    }
  }

  private HttpResponse<byte[]> send(String method, String address, String body) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(address))
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .header("Authorization", "Bearer " + key)
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(60))
              .build(),
          BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
