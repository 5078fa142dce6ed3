package dev.tidemark.engine.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.config.Durations;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One node's HTTP API. May be used by several threads. */
public final class Endpoint {
  private final String name;
  private final URI base;
  private final HttpClient client;
  private final @Nullable String authorization;
  private final Duration deadline;
  private final Throttle throttle;

  /**
   * @param name of the node, for messages
   * @param base like {@code http://host:8101}, without a path
   * @param authorization the value of that header; null for none
   * @param deadline for each exchange, from the connection to the last byte of the answer
   */
  public Endpoint(
      String name,
      URI base,
      HttpClient client,
      @Nullable String authorization,
      Duration deadline,
      Throttle throttle) {
    this.name = name;
    this.base = base;
    this.client = client;
    this.authorization = authorization;
    this.deadline = deadline;
    this.throttle = throttle;
  }

  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return "node " + name + " at " + base;
  }

  /** A path of segments, each escaped. */
  public static String path(String... segments) {
    var path = new StringBuilder();
    for (String segment : segments) {
      path.append('/').append(escape(segment));
    }
    return path.toString();
  }

  /** Escaped for a path or a query. */
  public static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public Reply get(String path, String... headers) {
    return exchange("GET", path, BodyPublishers.noBody(), 0, headers);
  }

  public Reply delete(String path) {
    return exchange("DELETE", path, BodyPublishers.noBody(), 0);
  }

  public Reply post(String path, JsonNode body) {
    return json("POST", path, body);
  }

  public Reply put(String path, JsonNode body) {
    return json("PUT", path, body);
  }

  public Reply post(String path) {
    return exchange("POST", path, BodyPublishers.noBody(), 0);
  }

  public Reply put(String path) {
    return exchange("PUT", path, BodyPublishers.noBody(), 0);
  }

  /** Sends bytes. */
  public Reply put(String path, byte[] bytes, int length, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", "application/octet-stream"));
    all.addAll(List.of(headers));
    return exchange(
        "PUT",
        path,
        BodyPublishers.ofByteArray(bytes, 0, length),
        length,
        all.toArray(String[]::new));
  }

  private Reply json(String method, String path, JsonNode body) {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return exchange(
        method, path, BodyPublishers.ofByteArray(bytes), 0, "Content-Type", "application/json");
  }

  /**
   * An answer of any status, of a server whose refusals say in words what they mean.
   *
   * @param body null for none
   */
  public Reply ask(String method, String path, @Nullable JsonNode body) {
    return body == null
        ? raw(method, path, BodyPublishers.noBody(), 0)
        : raw(
            method,
            path,
            BodyPublishers.ofByteArray(body.toString().getBytes(StandardCharsets.UTF_8)),
            0,
            "Content-Type",
            "application/json");
  }

  private Reply exchange(
      String method, String path, BodyPublisher body, long throttled, String... headers) {
    Reply reply = raw(method, path, body, throttled, headers);
    int status = reply.status();
    if (status >= 500 || status == 429 || status == 408) {
      throw new TransientFailure(reply.request() + ": " + reply.words());
    }
    if (status == 401 || status == 403) {
      throw PermanentFailure.of(PermanentFailure.Kind.INVALID, toString())
          .expected("a key that it accepts")
          .found(reply.words())
          .hint("correct the cluster's apiKey in the configuration");
    }
    return reply;
  }

  private Reply raw(
      String method, String path, BodyPublisher body, long throttled, String... headers) {
    var request = HttpRequest.newBuilder(base.resolve(path)).method(method, body);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    String what = method + " " + path + " of " + this;
    throttle.take(throttled);
    HttpResponse<byte[]> response = send(request.build(), what);
    throttle.take(throttled > 0 ? 0 : response.body().length);
    return new Reply(what, response.statusCode(), response.body());
  }

  /** A node that answers the header and then hangs must not hang us: the deadline is for all. */
  private HttpResponse<byte[]> send(HttpRequest request, String what) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.ofByteArray());
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new TransientFailure(
          what + ": no whole answer within " + Durations.format(deadline), e);
    } catch (ExecutionException e) {
      throw failed(what, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientFailure(what + ": interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  private static RuntimeException failed(String what, Throwable cause) {
    if (cause instanceof IOException || cause instanceof java.util.concurrent.CompletionException) {
      String why =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      return new TransientFailure(what + ": " + why, cause);
    }
    return cause instanceof RuntimeException unexpected
        ? unexpected
        : new TransientFailure(what + ": " + cause, cause);
  }
}
