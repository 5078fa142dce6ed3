package dev.tidemark.core.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a mapping of the configuration may have, and what each takes. An engine contributes
 * the schema of its own settings:
 *
 * <pre>{@code
 * Schema.of(
 *     Schema.required("url", Field.text("a URL", Urls::checked)),
 *     Schema.optional("apiKey", Field.secret()),
 *     Schema.optional("timeout", Field.duration(ofSeconds(1), ofMinutes(5)), "PT30S"));
 * }</pre>
 */
public final class Schema {
  private final Map<String, Key> keys;
  private final Consumer<Options> whole;

  /**
   * One key.
   *
   * @param otherwise the value where the key is absent, as {@link Options} hold it: durations as
   *     {@link java.time.Duration#toString}, whole numbers as Long; null for none
   */
  public record Key(String name, Field field, boolean required, @Nullable Object otherwise) {}

  private Schema(Map<String, Key> keys, Consumer<Options> whole) {
    this.keys = keys;
    this.whole = whole;
  }

  public static Schema of(Key... keys) {
    return of(List.of(keys));
  }

  private static Schema of(List<Key> keys) {
    Map<String, Key> byName = new LinkedHashMap<>();
    for (Key key : keys) {
      if (byName.put(key.name(), key) != null) {
        throw new IllegalArgumentException("key '" + key.name() + "' stands twice in a schema");
      }
    }
    return new Schema(byName, options -> {});
  }

  public static Key required(String name, Field field) {
    return new Key(name, field, true, null);
  }

  public static Key optional(String name, Field field) {
    return new Key(name, field, false, null);
  }

  public static Key optional(String name, Field field, Object otherwise) {
    return new Key(name, field, false, otherwise);
  }

  /**
   * The same keys, whose values must also fit each other.
   *
   * @param whole throws {@link dev.tidemark.core.failure.PermanentFailure} INVALID where they do
   *     not; called where each value by itself is good
   */
  public Schema checkedBy(Consumer<Options> whole) {
    return new Schema(keys, whole);
  }

  /** The keys of both, which have none in common; checked as the other one is. */
  Schema and(Schema other) {
    List<Key> both = new ArrayList<>(keys.values());
    both.addAll(other.keys.values());
    return of(both).checkedBy(other.whole);
  }

  void check(Options options) {
    whole.accept(options);
  }

  /** What an empty mapping means, where no key is required. */
  Options defaults() {
    Map<String, Object> values = new LinkedHashMap<>();
    keys.forEach(
        (name, key) -> {
          if (key.otherwise() != null) {
            values.put(name, key.otherwise());
          }
        });
    return new Options(values);
  }

  Map<String, Key> keys() {
    return keys;
  }
}
