package dev.tidemark.engine.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a node answered. */
public final class Reply {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 300;

  private final String request;
  private final int status;
  private final byte[] body;

  Reply(String request, int status, byte[] body) {
    this.request = request;
    this.status = status;
    this.body = body;
  }

  /** What was asked, in words for messages. */
  public String request() {
    return request;
  }

  /** The HTTP status, below 500 unless whoever asked takes any. */
  public int status() {
    return status;
  }

  /** Not a copy: whoever asks has it. */
  public byte[] body() {
    return body;
  }

  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** This, if it is a success. */
  public Reply required() {
    if (!ok()) {
      throw refused();
    }
    return this;
  }

  /**
   * The body as JSON, of a success.
   *
   * @throws TransientFailure where it is cut off
   */
  public JsonNode json() {
    required();
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new TransientFailure(request + ": an answer that is no JSON", e);
    }
  }

  /** A refusal as a failure: what the node says was expected and found. */
  public PermanentFailure refused() {
    PermanentFailure.Kind kind =
        switch (status) {
          case 404, 410 -> PermanentFailure.Kind.NOT_FOUND;
          case 409 -> PermanentFailure.Kind.CONFLICT;
          case 400, 422, 413 -> PermanentFailure.Kind.INVALID;
          default -> PermanentFailure.Kind.FAILED;
        };
    JsonNode problem = problem(body);
    String expected = problem.path("expected").asText("");
    String found = problem.path("found").asText("");
    return PermanentFailure.of(kind, request)
        .expected(expected.isEmpty() ? "success" : expected)
        .found(words(status, body) + (found.isEmpty() ? "" : ": " + found))
        .hint(problem.path("hint").asText(""));
  }

  /** Status and what the server says of it, in words for a person. */
  public String words() {
    return words(status, body);
  }

  private static String words(int status, byte[] body) {
    JsonNode problem = problem(body);
    String detail = problem.path("detail").asText(problem.path("title").asText(""));
    if (detail.isEmpty()) {
      // Weaviate's handlers, and what checks requests before they come to one.
      JsonNode told = problem.path("error").path(0);
      detail = told.path("message").asText(problem.path("message").asText(""));
    }
    if (detail.isEmpty()) {
      detail = new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.UTF_8).strip();
    }
    return detail.isEmpty() ? "status " + status : "status " + status + ", " + detail;
  }

  private static JsonNode problem(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json == null ? MissingNode.getInstance() : json;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
