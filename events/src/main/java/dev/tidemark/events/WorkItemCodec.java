package dev.tidemark.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Work items as JSON, one object each: {@code v}, {@code kind}, {@code run}, {@code lane} and
 * {@code unit} where there is one, {@code epoch}, {@code attempt}. Equal items have equal texts.
 */
public final class WorkItemCodec {

  /** The longest text of an item, in bytes of UTF-8. */
  public static final int MAX_BYTES = 32 << 10;

  private static final int OLDEST = Math.max(1, WorkItem.CURRENT - 1);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private WorkItemCodec() {}

  /**
   * The item's text.
   *
   * @throws IllegalArgumentException where it would be longer than {@link #MAX_BYTES}
   */
  public static String encode(WorkItem item) {
    var json = JSON.createObjectNode();
    json.put("v", item.version());
    json.put("kind", item.kind().word());
    json.put("run", item.run());
    if (item.lane() != null) {
      json.put("lane", item.lane());
    }
    if (item.unit() != null) {
      json.put("unit", item.unit());
    }
    json.put("epoch", item.epoch());
    json.put("attempt", item.attempt());
    String text = json.toString();
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a work item has at most %d bytes, this %s has %d"
              .formatted(MAX_BYTES, item.kind().word(), bytes));
    }
    return text;
  }

  /**
   * The item of a text; fields that this release does not know are ignored.
   *
   * @throws NewerItem where its version is newer than this release's, whatever else it holds
   * @throws IllegalArgumentException where it is not an item: it can never be handled
   */
  public static WorkItem decode(String text) {
    JsonNode json = parse(text);
    int version = number(json, "v", text);
    if (version > WorkItem.CURRENT) {
      throw new NewerItem(version);
    }
    if (version < OLDEST) {
      throw malformed("a version from " + OLDEST + " to " + WorkItem.CURRENT, text, null);
    }
    return new WorkItem(
        version,
        kind(required(json, "kind", text), text),
        required(json, "run", text),
        optional(json, "lane", text),
        optional(json, "unit", text),
        number(json, "epoch", text),
        number(json, "attempt", text));
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw malformed("JSON", text, e);
    }
  }

  private static WorkItem.Kind kind(String word, String text) {
    for (WorkItem.Kind kind : WorkItem.Kind.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw malformed("a known kind", text, null);
  }

  private static String required(JsonNode json, String field, String text) {
    String value = optional(json, field, text);
    if (value == null) {
      throw malformed("the field '" + field + "'", text, null);
    }
    return value;
  }

  private static @Nullable String optional(JsonNode json, String field, String text) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw malformed("a string as '" + field + "'", text, null);
    }
    return value.textValue();
  }

  private static int number(JsonNode json, String field, String text) {
    JsonNode value = json.get(field);
    if (value == null
        || !value.canConvertToInt()
        || !value.isIntegralNumber()
        || value.intValue() < 0) {
      throw malformed("a number from 0 as '" + field + "'", text, null);
    }
    return value.intValue();
  }

  private static IllegalArgumentException malformed(
      String expected, String text, @Nullable Throwable cause) {
    String start = text.length() <= 200 ? text : text.substring(0, 200) + "…";
    return new IllegalArgumentException(
        "not a work item: expected " + expected + ", found " + start, cause);
  }
}
