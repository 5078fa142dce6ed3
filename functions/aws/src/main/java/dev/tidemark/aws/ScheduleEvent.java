package dev.tidemark.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * What a schedule of EventBridge Scheduler sends, as Terraform writes it: {@code {"policy":
 * "nightly", "time": "<aws.scheduler.scheduled-time>"}}, or {@code {"tick": true}}.
 */
sealed interface ScheduleEvent {

  /**
   * A moment at which a policy wants backups.
   *
   * @param time the scheduled moment, not that of the delivery: a repeated one is the same slot
   */
  record Slot(String policy, Instant time) implements ScheduleEvent {}

  /** A minute has passed. */
  record Tick() implements ScheduleEvent {}

  /**
   * @throws PermanentFailure INVALID where it is neither
   */
  static ScheduleEvent read(InputStream input) throws IOException {
    JsonNode json = new ObjectMapper().readTree(input);
    if (json.path("tick").asBoolean()) {
      return new Tick();
    }
    String time = json.path("time").asText();
    String policy = json.path("policy").asText();
    try {
      if (!policy.isEmpty()) {
        return new Slot(policy, Instant.parse(time));
      }
    } catch (DateTimeParseException e) {
      throw refused(json).cause(e);
    }
    throw refused(json);
  }

  private static PermanentFailure refused(JsonNode json) {
    String text = json.toString();
    return PermanentFailure.of(Kind.INVALID, "event of a schedule")
        .expected(
            "{\"policy\": NAME, \"time\": \"<aws.scheduler.scheduled-time>\"}, or {\"tick\": true}")
        .found(text.length() <= 200 ? text : text.substring(0, 200) + "…")
        .hint("correct the schedule's input");
  }
}
