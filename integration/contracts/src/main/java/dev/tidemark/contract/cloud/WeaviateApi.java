package dev.tidemark.contract.cloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What applications ask of Weaviate. A refusal is an AssertionError. */
public final class WeaviateApi {
  public static final int DIMENSIONS = 32;

  private static final int BATCH = 200;
  private static final int TEXT_BYTES = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String address;
  private final String apiKey;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  /**
   * @param address of a node, like {@code http://127.0.0.1:8080}
   */
  public WeaviateApi(String address) {
    this(address, "");
  }

  /**
   * @param apiKey whom the server takes us for; empty for anybody
   */
  public WeaviateApi(String address, String apiKey) {
    this.address = address;
    this.apiKey = apiKey;
  }

  /**
   * Makes a collection without tenants.
   *
   * @param copies of each shard
   */
  public void collection(String name, int shards, int copies) {
    ObjectNode definition = definition(name, copies);
    definition.putObject("shardingConfig").put("desiredCount", shards);
    call("POST", "/v1/schema", definition);
  }

  /** Makes a collection of tenants that are active. */
  public void tenants(String name, int copies, List<String> tenants) {
    ObjectNode definition = definition(name, copies);
    definition.putObject("multiTenancyConfig").put("enabled", true);
    call("POST", "/v1/schema", definition);
    if (!tenants.isEmpty()) {
      addTenants(name, tenants);
    }
  }

  /** Makes a collection as it is defined. */
  public void collection(ObjectNode definition) {
    call("POST", "/v1/schema", definition);
  }

  /**
   * The definition of a collection with two properties, title and text.
   *
   * @param copies of each shard
   */
  public static ObjectNode definition(String name, int copies) {
    ObjectNode definition = JsonNodeFactory.instance.objectNode();
    definition.put("class", name).put("vectorizer", "none");
    definition.putObject("replicationConfig").put("factor", copies);
    var properties = definition.putArray("properties");
    for (String property : List.of("title", "text")) {
      properties.addObject().put("name", property).putArray("dataType").add("text");
    }
    return definition;
  }

  /** Makes tenants, which are active. */
  public void addTenants(String collection, List<String> tenants) {
    status("POST", collection, tenants, "HOT");
  }

  /** Changes the status of tenants. */
  public void deactivate(String collection, List<String> tenants) {
    status("PUT", collection, tenants, "COLD");
  }

  /** Changes the status of tenants. */
  public void activate(String collection, List<String> tenants) {
    status("PUT", collection, tenants, "HOT");
  }

  private void status(String method, String collection, List<String> tenants, String status) {
    var body = JsonNodeFactory.instance.arrayNode();
    tenants.forEach(each -> body.addObject().put("name", each).put("activityStatus", status));
    call(method, "/v1/schema/" + collection + "/tenants", body);
  }

  /** The statuses of tenants, in the server's words. */
  public JsonNode tenants(String collection) {
    return call("GET", "/v1/schema/" + collection + "/tenants", null);
  }

  /** Makes an alias of a collection. */
  public void alias(String alias, String collection) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    call("POST", "/v1/aliases", body.put("alias", alias).put("class", collection));
  }

  /** Deletes an alias; those of a collection that is dropped stay. */
  public void dropAlias(String alias) {
    call("DELETE", "/v1/aliases/" + alias, null);
  }

  /** Aliases to their collections. */
  public Map<String, String> aliases() {
    Map<String, String> aliases = new TreeMap<>();
    for (JsonNode each : call("GET", "/v1/aliases", null).path("aliases")) {
      aliases.put(each.path("alias").asText(), each.path("class").asText());
    }
    return aliases;
  }

  public void drop(String collection) {
    call("DELETE", "/v1/schema/" + collection, null);
  }

  /** Names of all collections. */
  public List<String> collections() {
    List<String> names = new ArrayList<>();
    call("GET", "/v1/schema", null)
        .path("classes")
        .forEach(each -> names.add(each.path("class").asText()));
    return names;
  }

  /**
   * Stores objects {@code from} to {@code to}, whose content follows from number and version.
   *
   * @param tenant empty where the collection has none
   */
  public void store(String collection, String tenant, int from, int to, int version) {
    for (int at = from; at < to; at += BATCH) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      var objects = body.putArray("objects");
      for (int i = at; i < Math.min(to, at + BATCH); i++) {
        object(objects.addObject(), collection, tenant, i, version);
      }
      for (JsonNode each : call("POST", "/v1/batch/objects", body)) {
        String status = each.path("result").path("status").asText("SUCCESS");
        if (!status.equals("SUCCESS")) {
          throw new AssertionError(each.path("result").toString());
        }
      }
    }
  }

  private static void object(
      ObjectNode object, String collection, String tenant, int number, int version) {
    var random = new Random(number * 1_000_003L + version);
    object.put("class", collection).put("id", id(number));
    if (!tenant.isEmpty()) {
      object.put("tenant", tenant);
    }
    vector(random, object.putArray("vector"));
    var text = new StringBuilder();
    while (text.length() < TEXT_BYTES) {
      text.append(Long.toUnsignedString(random.nextLong(), 36)).append(' ');
    }
    object
        .putObject("properties")
        .put("title", "object " + number + " version " + version)
        .put("text", text.toString());
  }

  private static void vector(Random random, ArrayNode into) {
    for (int i = 0; i < DIMENSIONS; i++) {
      into.add(random.nextFloat() - 0.5f);
    }
  }

  /**
   * The ids of the objects nearest to a vector, in the order in which they are found.
   *
   * @param tenant empty where the collection has none
   * @param question the vector follows from this number; those of no objects are negative
   */
  public List<String> nearest(String collection, String tenant, int question, int limit) {
    ArrayNode vector = JsonNodeFactory.instance.arrayNode();
    vector(new Random(question * 1_000_003L + 1), vector);
    String of = tenant.isEmpty() ? "" : ",tenant:\"%s\"".formatted(tenant);
    return found(collection, "(limit:%d,nearVector:{vector:%s}%s)".formatted(limit, vector, of));
  }

  /**
   * The ids of the objects that a search finds, in its order.
   *
   * @param arguments of GraphQL's Get, in round brackets
   */
  public List<String> found(String collection, String arguments) {
    String query = "{Get{%s%s{_additional{id}}}}".formatted(collection, arguments);
    JsonNode answer =
        call("POST", "/v1/graphql", JsonNodeFactory.instance.objectNode().put("query", query));
    if (answer.path("errors").size() > 0) {
      throw new AssertionError(answer.path("errors").toString());
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode each : answer.path("data").path("Get").path(collection)) {
      ids.add(each.path("_additional").path("id").asText());
    }
    return ids;
  }

  /** Deletes objects {@code from} to {@code to} of a collection without tenants. */
  public void delete(String collection, int from, int to) {
    for (int i = from; i < to; i++) {
      call("DELETE", "/v1/objects/" + collection + "/" + id(i), null);
    }
  }

  /** The id of an object by its number. */
  public static String id(int number) {
    return new UUID(0x1234_0000_0000_4000L | number >>> 16, 0x8000_0000_0000_0000L | number)
        .toString();
  }

  /** How many objects there are. */
  public long count(String collection, String tenant) {
    String of = tenant.isEmpty() ? "" : "(tenant:\"%s\")".formatted(tenant);
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("query", "{Aggregate{%s%s{meta{count}}}}".formatted(collection, of));
    JsonNode answer = call("POST", "/v1/graphql", body);
    return answer
        .path("data")
        .path("Aggregate")
        .path(collection)
        .path(0)
        .path("meta")
        .path("count")
        .asLong(-1);
  }

  /**
   * All objects of a tenant, or of a collection that has none: ids to properties and vector.
   *
   * @param tenant empty where the collection has none
   */
  public Map<String, String> objects(String collection, String tenant) {
    Map<String, String> objects = new TreeMap<>();
    String of = tenant.isEmpty() ? "" : "&tenant=" + tenant;
    String after = "";
    while (true) {
      String path =
          "/v1/objects?class=%s&limit=100&include=vector%s%s"
              .formatted(collection, of, after.isEmpty() ? "&after=" : "&after=" + after);
      JsonNode page = call("GET", path, null).path("objects");
      if (page.isEmpty()) {
        return objects;
      }
      for (JsonNode each : page) {
        after = each.path("id").asText();
        objects.put(after, each.path("properties") + " " + each.path("vector"));
      }
    }
  }

  /** Begins a native backup of the user's own. */
  public void backup(String backend, String id) {
    call("POST", "/v1/backups/" + backend, JsonNodeFactory.instance.objectNode().put("id", id));
  }

  /** The status of a native backup; empty where there is none. */
  public String backupStatus(String backend, String id) {
    HttpResponse<String> answer = send("GET", "/v1/backups/" + backend + "/" + id, null);
    return answer.statusCode() == 200 ? json(answer.body()).path("status").asText() : "";
  }

  /** Any call that is to succeed. */
  public JsonNode call(String method, String path, @Nullable JsonNode body) {
    HttpResponse<String> answer = send(method, path, body);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(
          "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return json(answer.body());
  }

  private static JsonNode json(String text) {
    try {
      return text.isEmpty() ? JsonNodeFactory.instance.missingNode() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  private HttpResponse<String> send(String method, String path, @Nullable JsonNode body) {
    var request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
    if (!apiKey.isEmpty()) {
      request.header("Authorization", "Bearer " + apiKey);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
