package dev.tidemark.node.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A found object. */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere; a list would box each float.
public record Hit(
    String id, double distance, Map<String, Object> properties, float @Nullable [] vector) {
  /** Nearest first, equally near ones by id. */
  public static final Comparator<Hit> ORDER =
      Comparator.comparingDouble(Hit::distance).thenComparing(Hit::id);
}
