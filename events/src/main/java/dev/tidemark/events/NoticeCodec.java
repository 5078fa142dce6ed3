package dev.tidemark.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/**
 * Notices as CloudEvents 1.0 in structured JSON, one object without a line break.
 *
 * <pre>
 * { "specversion": "1.0", "id": "vectors.4k1m….0", "source": "/tidemark/prod",
 *   "type": "dev.tidemark.backup.succeeded",     backup, restore or verify; succeeded, failed or canceled
 *   "subject": "vectors/nightly-20261121t0300z-1", "time": "2026-11-21T03:04:05Z",
 *   "datacontenttype": "application/json",
 *   "data": { "run": …, "cluster": …, "vault": …, "backup": …, "started": …, "ended": …,
 *             "error": … } }                      error only where there is one
 * </pre>
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents</a>
 */
public final class NoticeCodec {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SOURCE = "/tidemark/";
  private static final String TYPE = "dev.tidemark.";

  private NoticeCodec() {}

  /** Like {@code dev.tidemark.backup.succeeded}. */
  public static String type(Notice notice) {
    return TYPE + word(notice.kind()) + "." + word(notice.outcome());
  }

  public static String encode(Notice notice) {
    ObjectNode event = JSON.createObjectNode();
    event.put("specversion", "1.0").put("id", notice.id());
    event.put("source", SOURCE + notice.deployment()).put("type", type(notice));
    event.put("subject", notice.cluster() + "/" + notice.backup());
    event.put("time", notice.ended().toString()).put("datacontenttype", "application/json");
    ObjectNode data = event.putObject("data");
    data.put("run", notice.run()).put("cluster", notice.cluster());
    data.put("vault", notice.vault()).put("backup", notice.backup());
    data.put("started", notice.started().toString()).put("ended", notice.ended().toString());
    if (!notice.error().isEmpty()) {
      data.put("error", notice.error());
    }
    return event.toString();
  }

  /**
   * The notice of a text; fields that this release does not know are ignored.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Notice decode(String text) {
    try {
      JsonNode event = JSON.readTree(text);
      String[] type = text(event, "type", TYPE).split("\\.", -1);
      JsonNode data = event.path("data");
      return new Notice(
          text(event, "id", ""),
          Notice.Kind.valueOf(type[0].toUpperCase(Locale.ROOT)),
          Notice.Outcome.valueOf(type[1].toUpperCase(Locale.ROOT)),
          text(event, "source", SOURCE),
          text(data, "run", ""),
          text(data, "cluster", ""),
          text(data, "vault", ""),
          text(data, "backup", ""),
          Instant.parse(text(data, "started", "")),
          Instant.parse(text(data, "ended", "")),
          data.path("error").asText());
    } catch (JsonProcessingException
        | DateTimeException
        | IndexOutOfBoundsException
        | IllegalArgumentException e) {
      throw new IllegalArgumentException("not a notice of Tidemark: " + e.getMessage(), e);
    }
  }

  /** What follows a prefix in a field. */
  private static String text(JsonNode json, String field, String prefix) {
    JsonNode value = json.get(field);
    if (value == null || !value.isTextual() || !value.textValue().startsWith(prefix)) {
      throw new IllegalArgumentException(
          "expected '%s', beginning with '%s', found %s".formatted(field, prefix, value));
    }
    return value.textValue().substring(prefix.length());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
