package dev.tidemark.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.node.files.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** A client of one node, as a stranger would write it from API.md. */
public final class Api {
  public static final String KEY = "a test's key";

  private final URI url;
  private final HttpClient http;

  public Api(URI url) {
    this(url, HttpClient.newHttpClient());
  }

  public Api(URI url, HttpClient http) {
    this.url = url;
    this.http = http;
  }

  /** An answer with its bytes. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, byte[] bytes, Map<String, List<String>> headers) {
    public JsonNode json() {
      try {
        return Json.mapper().readTree(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public Answer expect(int expected) {
      assertThat(status).as(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(expected);
      return this;
    }

    /** The kind of the problem, after a check of its form. */
    public String problem(int expected) {
      expect(expected);
      assertThat(headers.get("content-type")).containsExactly("application/problem+json");
      assertThat(json().get("status").asInt()).isEqualTo(expected);
      return json().get("type").asText().replace("urn:tidemark:node:", "");
    }
  }

  public Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer get(String path, String range) {
    return send(request(path).header("Range", range).GET());
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  public Answer put(String path, String json) {
    return send(request(path).PUT(BodyPublishers.ofString(json.replace('\'', '"'))));
  }

  public Answer put(String path, byte[] bytes) {
    return send(
        HttpRequest.newBuilder(url.resolve(path))
            .header("Authorization", "Bearer " + KEY)
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(bytes)));
  }

  public Answer put(String path) {
    return send(request(path).PUT(BodyPublishers.noBody()));
  }

  public Answer post(String path, String json) {
    return send(request(path).POST(BodyPublishers.ofString(json.replace('\'', '"'))));
  }

  public Answer post(String path, JsonNode json) {
    return send(request(path).POST(BodyPublishers.ofString(json.toString())));
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + KEY)
        .header("Content-Type", "application/json");
  }

  public Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.body(), response.headers().map());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A batch of objects whose ids are the prefix and a number, and whose vectors tell their number.
   */
  public static ObjectNode batch(String prefix, int from, int to, int dimensions) {
    ObjectNode batch = Json.mapper().createObjectNode();
    ArrayNode objects = batch.putArray("objects");
    for (int i = from; i < to; i++) {
      ObjectNode object = objects.addObject().put("id", prefix + i);
      ArrayNode vector = object.putArray("vector");
      for (int d = 0; d < dimensions; d++) {
        vector.add((float) (i + d / 10.0));
      }
      object.putObject("properties").put("number", i).put("set", prefix);
    }
    return batch;
  }

  public void importObjects(String collection, String prefix, int count, int dimensions) {
    for (int from = 0; from < count; from += 1000) {
      post(
              "/v1/collections/" + collection + "/objects",
              batch(prefix, from, Math.min(count, from + 1000), dimensions))
          .expect(200);
    }
  }

  public long count(String collection) {
    return get("/v1/collections/" + collection + "/count").expect(200).json().get("count").asLong();
  }

  public JsonNode shard(String collection, String shard) {
    return get("/v1/shards/" + collection + "/" + shard).expect(200).json();
  }

  /** Copies a snapshot from one node into a restore on another and commits it. */
  public static void copy(
      Api from, String fromShard, String snapshot, Api to, String token, String toShard) {
    String place = "/v1/restores/" + token + "/shards/" + toShard;
    to.put(place).expect(201);
    JsonNode files =
        from.get("/v1/shards/" + fromShard + "/snapshots/" + snapshot)
            .expect(200)
            .json()
            .get("files");
    ObjectNode commit = Json.mapper().createObjectNode();
    ArrayNode digests = commit.putArray("files");
    for (JsonNode file : files) {
      String name = file.get("name").asText();
      byte[] bytes =
          from.get("/v1/shards/" + fromShard + "/snapshots/" + snapshot + "/files/" + name)
              .expect(200)
              .bytes();
      to.put(place + "/files/" + name + "?offset=0", bytes).expect(200);
      digests
          .addObject()
          .put("name", name)
          .put("size", file.get("size").asLong())
          .put("sha256", file.get("sha256").asText());
    }
    to.post(place + "/sync", "").expect(200);
    assertThat(to.post(place + "/commit", commit).expect(200).json().get("state").asText())
        .isEqualTo("COMMITTED");
  }
}
