package dev.tidemark.node.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemark.node.failure.NodeFailure;
import io.micronaut.core.annotation.Introspected;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one property: that it equals a value, or lies between bounds. Numbers are compared
 * as numbers, strings by their characters; a property of another type, or none, does not match.
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PropertyFilter(
    String property,
    @JsonProperty("equals") @Nullable Object equalTo,
    @Nullable Object gt,
    @Nullable Object gte,
    @Nullable Object lt,
    @Nullable Object lte) {
  /** Refuses a condition that says nothing, or twice, or compares what has no order. */
  void check() {
    boolean bounded = bounds().anyMatch(Objects::nonNull);
    if (property == null || (equalTo != null) == bounded) {
      throw NodeFailure.invalid(
          "filter on property " + property,
          "\"equals\", or bounds by \"gt\", \"gte\", \"lt\", \"lte\"",
          bounded ? "both" : "neither");
    }
    bounds()
        .filter(Objects::nonNull)
        .filter(bound -> !(bound instanceof Number || bound instanceof String))
        .findFirst()
        .ifPresent(
            bound -> {
              throw NodeFailure.invalid(
                  "filter on property " + property, "bounds that are numbers or strings", bound);
            });
  }

  private Stream<@Nullable Object> bounds() {
    return Stream.of(gt, gte, lt, lte);
  }

  boolean matches(Map<String, Object> properties) {
    Object value = properties.get(property);
    if (value == null) {
      return false;
    }
    return equalTo == null ? within(value) : same(value, equalTo);
  }

  private static boolean same(Object value, Object wanted) {
    return value instanceof Number ? sign(value, wanted) == 0 : value.equals(wanted);
  }

  private boolean within(Object value) {
    return (gt == null || sign(value, gt) == 1)
        && (gte == null || sign(value, gte) == 1 || sign(value, gte) == 0)
        && (lt == null || sign(value, lt) == -1)
        && (lte == null || sign(value, lte) == -1 || sign(value, lte) == 0);
  }

  /** −1, 0, 1, or 2 where the two have no order. */
  private static int sign(Object value, Object bound) {
    Integer order = compare(value, bound);
    return order == null ? 2 : Integer.signum(order);
  }

  private static @Nullable Integer compare(Object value, Object bound) {
    if (value instanceof Number left && bound instanceof Number right) {
      return left instanceof Double || right instanceof Double
          ? Double.compare(left.doubleValue(), right.doubleValue())
          : Long.compare(left.longValue(), right.longValue());
    }
    return value instanceof String left && bound instanceof String right
        ? left.compareTo(right)
        : null;
  }
}
