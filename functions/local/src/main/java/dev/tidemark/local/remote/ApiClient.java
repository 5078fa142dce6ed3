package dev.tidemark.local.remote;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tidemark.api.json.Problem;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Exchanges JSON with a server of the API; its problems are failures here. */
final class ApiClient {
  /** Longer than a function behind a gateway may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final URI server;
  private final @Nullable String token;
  private final HttpClient http;

  ApiClient(URI server, @Nullable String token, @Nullable SSLContext authorities) {
    this.server = server;
    this.token = token;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    this.http = (authorities == null ? builder : builder.sslContext(authorities)).build();
  }

  /** Parts of a URL's query; one that is null is left out. */
  static final class Query {
    private final List<String> parts = new ArrayList<>();

    Query with(String name, @Nullable Object value) {
      if (value != null) {
        parts.add(name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
      }
      return this;
    }

    @Override
    public String toString() {
      return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }
  }

  <T> T get(String path, Query query, Class<T> type) {
    return send(request(path + query).GET().build(), type);
  }

  /**
   * @param body null for none
   */
  <T> T post(String path, Query query, @Nullable Object body, Class<T> type) {
    HttpRequest.Builder request = request(path + query);
    try {
      request =
          body == null
              ? request.POST(BodyPublishers.noBody())
              : request
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request has a JSON form", e);
    }
    return send(request.build(), type);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .timeout(PATIENCE)
            .header("Accept", "application/json");
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private <T> T send(HttpRequest request, Class<T> type) {
    HttpResponse<String> response;
    try {
      response = http.send(request, BodyHandlers.ofString());
    } catch (SSLHandshakeException e) {
      throw PermanentFailure.of(Kind.INVALID, "server " + server)
          .expected("a certificate of an authority that is known, for this host")
          .found(String.valueOf(e.getMessage()))
          .hint("name its authority: --server-ca FILE")
          .cause(e);
    } catch (IOException e) {
      throw new TransientFailure("server " + server + " did not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientFailure("interrupted while server " + server + " was asked", e);
    }
    try {
      if (response.statusCode() == 200) {
        return JSON.readValue(response.body(), type);
      }
      throw failure(response);
    } catch (JsonProcessingException e) {
      throw PermanentFailure.of(Kind.FAILED, "server " + server)
          .expected("an answer of Tidemark's API")
          .found("status " + response.statusCode() + " with another body")
          .hint("is it the address of `tidemark serve --listen`?")
          .cause(e);
    }
  }

  private RuntimeException failure(HttpResponse<String> response) throws JsonProcessingException {
    Problem problem = JSON.readValue(response.body(), Problem.class);
    if (response.statusCode() == 503) {
      return new TransientFailure("server " + server + ": " + problem.detail());
    }
    PermanentFailure failure =
        PermanentFailure.of(
                kind(response.statusCode(), problem),
                problem.detail() == null ? "server " + server : problem.detail())
            .expected(orEmpty(problem.expected()))
            .found(orEmpty(problem.found()))
            .hint(orEmpty(problem.hint()))
            .run(orEmpty(problem.run()));
    return response.statusCode() == 401 && token == null
        ? failure.hint("say where the server's token is kept, by --token env:NAME or file:PATH")
        : failure;
  }

  private static Kind kind(int status, Problem problem) {
    return switch (status) {
      case 404 -> Kind.NOT_FOUND;
      case 409 -> Kind.CONFLICT;
      default ->
          status < 500
              ? Kind.INVALID
              : problem.type() != null && problem.type().endsWith(":damaged")
                  ? Kind.DAMAGED
                  : Kind.FAILED;
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
