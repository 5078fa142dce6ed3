package dev.tidemark.core.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checked settings by name: texts, whole numbers, flags, lists, and options inside options. What a
 * {@link Schema} let through; so a reader asks for what its schema promises, and asking for
 * anything else is a mistake of the program. Immutable. Its JSON is canonical: names in order, no
 * spaces, defaults filled in.
 */
public final class Options {
  public static final Options EMPTY = new Options(Map.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SortedMap<String, Object> values;

  /**
   * @param values by name: String, Long, Boolean, Options, or a List of these
   */
  Options(Map<String, ?> values) {
    this.values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public Set<String> names() {
    return values.keySet();
  }

  public String text(String name) {
    return value(name, String.class);
  }

  /** Null where it is not set. */
  public @Nullable String textIfSet(String name) {
    return has(name) ? text(name) : null;
  }

  public long number(String name) {
    return value(name, Long.class);
  }

  public boolean flag(String name) {
    return value(name, Boolean.class);
  }

  public Duration duration(String name) {
    return Duration.parse(text(name));
  }

  /** An absolute path. */
  public Path path(String name) {
    return Path.of(text(name));
  }

  /** Empty where it is not set. */
  public List<String> texts(String name) {
    return list(name, String.class);
  }

  /** Empty where it is not set. */
  public List<Options> many(String name) {
    return list(name, Options.class);
  }

  /** {@link #EMPTY} where it is not set. */
  public Options options(String name) {
    return has(name) ? value(name, Options.class) : EMPTY;
  }

  /** All values, which are texts, by name. */
  public Map<String, String> textsByName() {
    return names().stream()
        .collect(
            Collectors.toMap(
                name -> name, this::text, (a, b) -> b, () -> new TreeMap<String, String>()));
  }

  /** These options with one more, or another value for one. */
  Options with(String name, Object value) {
    var more = new TreeMap<>(values);
    more.put(name, value);
    return new Options(more);
  }

  public String json() {
    return node(this).toString();
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static Options parse(String json) {
    try {
      if (value(JSON.readTree(json)) instanceof Options options) {
        return options;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  private <T> T value(String name, Class<T> type) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalStateException(
          "option '%s' is not a %s in %s".formatted(name, type.getSimpleName(), names()));
    }
    return type.cast(value);
  }

  private <T> List<T> list(String name, Class<T> type) {
    if (!has(name)) {
      return List.of();
    }
    List<T> list = new ArrayList<>();
    for (Object element : value(name, List.class)) {
      list.add(type.cast(element));
    }
    return List.copyOf(list);
  }

  private static JsonNode node(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value instanceof Options options) {
      ObjectNode object = nodes.objectNode();
      options.values.forEach((name, each) -> object.set(name, node(each)));
      return object;
    }
    if (value instanceof List<?> list) {
      ArrayNode array = nodes.arrayNode();
      list.forEach(each -> array.add(node(each)));
      return array;
    }
    if (value instanceof Long number) {
      return nodes.numberNode(number);
    }
    if (value instanceof Boolean flag) {
      return nodes.booleanNode(flag);
    }
    return nodes.textNode((String) value);
  }

  private static Object value(JsonNode node) {
    if (node.isObject()) {
      Map<String, Object> values = new TreeMap<>();
      node.properties().forEach(field -> values.put(field.getKey(), value(field.getValue())));
      return new Options(values);
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(each -> list.add(value(each)));
      return List.copyOf(list);
    }
    if (node.canConvertToLong() && node.isIntegralNumber()) {
      return node.longValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    throw new IllegalArgumentException("options hold no " + node.getNodeType());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Options options && values.equals(options.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return json();
  }
}
