package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.aws.LambdaFunction.Outcome;
import dev.tidemark.aws.http.GatewayEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The API's function as API Gateway invokes it, which waits for 30 seconds at most. */
final class ApiFunction {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final LambdaFunction function;

  ApiFunction(LambdaFunction function) {
    this.function = function;
  }

  /**
   * What a caller gets.
   *
   * @param type of its content
   */
  record Answer(int status, String type, JsonNode body) {
    String text(String field) {
      return body.path(field).asText();
    }
  }

  /** A request that must succeed. */
  JsonNode done(String role, String method, String path, @Nullable String body) {
    Answer answer = answer(GatewayEvent.of(method, path, role).body(body));
    assertThat(answer.status()).as("%s %s: %s", method, path, answer.body()).isEqualTo(200);
    assertThat(answer.type()).isEqualTo("application/json");
    return answer.body();
  }

  Answer answer(GatewayEvent event) {
    Outcome outcome = function.invoke(event.json(), DEADLINE);
    assertThat(outcome).isInstanceOf(Outcome.Answer.class);
    try {
      JsonNode payload = JSON.readTree(((Outcome.Answer) outcome).json());
      return new Answer(
          payload.path("statusCode").asInt(),
          payload.at("/headers/content-type").asText(),
          JSON.readTree(payload.path("body").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(outcome.toString(), e);
    }
  }
}
