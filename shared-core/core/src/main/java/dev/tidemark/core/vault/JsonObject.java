package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.core.failure.PermanentFailure;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A line of a text other than an entry's. What is not as expected is a failure with the key. */
final class JsonObject {
  /** Bounds the memory that a hostile line can take. */
  private static final int MOST_VALUES = 500_000;

  private final Place place;
  private final Map<String, Object> fields;

  private JsonObject(Place place, Map<String, Object> fields) {
    this.place = place;
    this.fields = fields;
  }

  /** Where an object stands, for failures. */
  interface Place {
    String key();

    PermanentFailure damaged(String expected, String found);
  }

  /** Reads a line from its first key on, where the parser is. */
  static JsonObject read(Place place, JsonParser json) {
    try {
      Map<String, Object> fields = new Reading(place, json).fields(json.currentToken());
      if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
        throw place.damaged("one JSON object", "more");
      }
      return new JsonObject(place, fields);
    } catch (IOException e) {
      throw place.damaged("JSON", "something else").cause(e);
    }
  }

  /** Reads an object that stands alone, in a row. */
  static JsonObject parse(String subject, String text) {
    var place =
        new Place() {
          @Override
          public String key() {
            return subject;
          }

          @Override
          public PermanentFailure damaged(String expected, String found) {
            return Damage.of(subject, expected, found);
          }
        };
    try (JsonParser json = Json.FACTORY.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw place.damaged("a JSON object", "something else");
      }
      json.nextToken();
      return read(place, json);
    } catch (IOException e) {
      throw place.damaged("a JSON object", "something else").cause(e);
    }
  }

  String key() {
    return place.key();
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  String text(String name) {
    return required(name, nullableText(name));
  }

  @Nullable String nullableText(String name) {
    return as(name, "a text", String.class);
  }

  /** A text that a rule holds for. */
  String text(String name, String expected, Predicate<String> rule) {
    String found = text(name);
    if (!rule.test(found)) {
      throw wrong(name, expected, Damage.quote(found));
    }
    return found;
  }

  /** A text that must be the given one. */
  void requireText(String name, String expected) {
    text(name, Damage.quote(expected), expected::equals);
  }

  /** An integer of at least 0. */
  long count(String name) {
    Long found = required(name, as(name, "a number", Long.class));
    if (found < 0) {
      throw wrong(name, "at least 0", found.toString());
    }
    return found;
  }

  int smallCount(String name) {
    long found = count(name);
    if (found > Integer.MAX_VALUE) {
      throw wrong(name, "at most " + Integer.MAX_VALUE, Long.toString(found));
    }
    return (int) found;
  }

  Instant time(String name) {
    return required(name, nullableTime(name));
  }

  @Nullable Instant nullableTime(String name) {
    String found = nullableText(name);
    try {
      return found == null ? null : Instant.parse(found);
    } catch (DateTimeException e) {
      throw wrong(name, "a time", Damage.quote(String.valueOf(found))).cause(e);
    }
  }

  List<String> texts(String name) {
    return list(name, String.class, found -> found);
  }

  List<JsonObject> objects(String name) {
    return list(name, Map.class, fields -> new JsonObject(place, casted(fields)));
  }

  /** An object inside this one; null where there is none. */
  @Nullable JsonObject object(String name) {
    Map<?, ?> found = as(name, "an object", Map.class);
    return found == null ? null : new JsonObject(place, casted(found));
  }

  /** An object whose values are counts; empty where there is none. */
  Map<String, Long> counts(String name) {
    return map(name, (object, field) -> object.count(field));
  }

  /** An object whose values are texts; empty where there is none. */
  Map<String, String> labels(String name) {
    return map(name, (object, field) -> object.text(field));
  }

  PermanentFailure wrong(String name, String expected, String found) {
    return place.damaged("\"" + name + "\" to be " + expected, found);
  }

  private <T> Map<String, T> map(String name, Value<T> value) {
    JsonObject inner = object(name);
    if (inner == null) {
      return Map.of();
    }
    var values = new LinkedHashMap<String, T>();
    inner.fields.keySet().forEach(field -> values.put(field, value.of(inner, field)));
    return Collections.unmodifiableMap(values);
  }

  private interface Value<T> {
    T of(JsonObject object, String field);
  }

  private <F, T> List<T> list(String name, Class<F> type, Function<F, T> element) {
    List<?> found = as(name, "a list", List.class);
    if (found == null) {
      return List.of();
    }
    var values = new ArrayList<T>(found.size());
    for (Object value : found) {
      if (!type.isInstance(value)) {
        throw wrong(name, "a list of one kind of values", "another");
      }
      values.add(element.apply(type.cast(value)));
    }
    return List.copyOf(values);
  }

  private <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw place.damaged("a field \"" + name + "\"", "none");
    }
    return value;
  }

  private <T> @Nullable T as(String name, String expected, Class<T> type) {
    Object value = fields.get(name);
    if (value == null) {
      return null;
    }
    if (!type.isInstance(value)) {
      throw wrong(name, expected, "something else");
    }
    return type.cast(value);
  }

  private static Map<String, Object> casted(Map<?, ?> fields) {
    var copy = new LinkedHashMap<String, Object>();
    fields.forEach((name, value) -> copy.put((String) name, value));
    return copy;
  }

  /** One reading of a line. */
  private static final class Reading {
    private final Place place;
    private final JsonParser json;
    private int values;

    Reading(Place place, JsonParser json) {
      this.place = place;
      this.json = json;
    }

    /** The fields up to the end of the object; nulls are left out. */
    Map<String, Object> fields(@Nullable JsonToken first) throws IOException {
      var fields = new LinkedHashMap<String, Object>();
      for (JsonToken t = first; t == JsonToken.FIELD_NAME; t = json.nextToken()) {
        String name = json.currentName();
        Object value = value(json.nextToken());
        if (value != null && fields.put(name, value) != null) {
          throw place.damaged("every field once", Damage.quote(name) + " twice");
        }
      }
      return fields;
    }

    private @Nullable Object value(@Nullable JsonToken token) throws IOException {
      if (++values > MOST_VALUES) {
        throw place.damaged("at most " + MOST_VALUES + " values", "more");
      }
      if (token == null) {
        throw place.damaged("a value", "the end of the line");
      }
      return switch (token) {
        case START_OBJECT -> fields(json.nextToken());
        case START_ARRAY -> list();
        case VALUE_STRING -> json.getText();
        case VALUE_NUMBER_INT -> json.getLongValue();
        case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        default -> null;
      };
    }

    private List<Object> list() throws IOException {
      var list = new ArrayList<Object>(4);
      for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
        if (t == null) {
          throw place.damaged("the end of a list", "the end of the line");
        }
        Object value = value(t);
        if (value != null) {
          list.add(value);
        }
      }
      return list;
    }
  }
}
