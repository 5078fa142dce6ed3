package dev.tidemark.node.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.failure.Problem;
import dev.tidemark.node.files.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The other nodes over HTTP. */
public final class Peers {
  /** Marks a call that was forwarded, so that nodes which disagree do not send it in circles. */
  public static final String FORWARDED = "Tidemark-Forwarded-By";

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final Members members;
  private final String apiKey;
  private final HttpClient http;

  /**
   * @param tls empty where the nodes speak plain HTTP
   */
  public Peers(Members members, String apiKey, Optional<SSLContext> tls) {
    this.members = members;
    this.apiKey = apiKey;
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    tls.ifPresent(http::sslContext);
    this.http = http.build();
  }

  /** An answer as it came. */
  @SuppressWarnings("ArrayRecordComponent") // Passed on, compared nowhere.
  public record Answer(int status, String contentType, byte[] body) {}

  /**
   * @param body sent as JSON; null for none
   * @throws NodeFailure what the node answered, or that it did not
   */
  <T> T call(String node, String method, String path, @Nullable Object body, Class<T> type) {
    Answer answer = send(node, method, path, body);
    try {
      return Json.mapper().readValue(answer.body(), type);
    } catch (IOException e) {
      throw unreachable(node, method + " " + path, "an answer that is no JSON: " + e).cause(e);
    }
  }

  /** As {@code call}, with the answer as it came. */
  public Answer send(String node, String method, String path, @Nullable Object body) {
    Answer answer = exchange(node, method, path, bytes(body));
    if (answer.status() >= 400) {
      throw failure(node, method + " " + path, answer);
    }
    return answer;
  }

  private Answer exchange(String node, String method, String path, byte[] body) {
    var request =
        HttpRequest.newBuilder(members.url(node).resolve(path))
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + apiKey)
            .header("Content-Type", "application/json")
            .header(FORWARDED, members.self())
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse("application/json"),
          response.body());
    } catch (IOException e) {
      throw unreachable(node, method + " " + path, e.toString()).cause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(node, method + " " + path, "interrupted").cause(e);
    }
  }

  private static NodeFailure failure(String node, String call, Answer answer) {
    try {
      return NodeFailure.of(Json.mapper().readValue(answer.body(), Problem.class));
    } catch (IOException e) {
      return unreachable(node, call, "status " + answer.status()).cause(e);
    }
  }

  private static NodeFailure unreachable(String node, String call, String found) {
    return NodeFailure.of(Kind.NODE_UNREACHABLE, "node " + node + ": " + call)
        .found(found)
        .hint("try again when the node is up");
  }

  private static byte[] bytes(@Nullable Object body) {
    try {
      return body == null ? new byte[0] : Json.mapper().writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + body.getClass(), e);
    }
  }
}
