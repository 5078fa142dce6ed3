package dev.tidemark.node.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.node.failure.NodeFailure;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exact search for the nearest objects.
 *
 * @param k how many at most, 1 … {@value #MAX_K}
 * @param filter conditions that all must hold
 * @param vectors whether the hits bring their vectors; null means not
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere; a list would box each float.
public record VectorQuery(
    float[] vector, int k, @Nullable List<PropertyFilter> filter, @Nullable Vectors vectors) {
  public static final int MAX_K = 1000;

  /** Whether the hits bring their vectors. */
  public enum Vectors {
    OMIT,
    INCLUDE
  }

  public void check(int dimensions) {
    ObjectCodec.vector(vector, dimensions, "the query");
    if (k < 1 || k > MAX_K) {
      throw NodeFailure.invalid("k", "1 to " + MAX_K, k);
    }
    filters().forEach(PropertyFilter::check);
  }

  List<PropertyFilter> filters() {
    return filter == null ? List.of() : filter;
  }
}
