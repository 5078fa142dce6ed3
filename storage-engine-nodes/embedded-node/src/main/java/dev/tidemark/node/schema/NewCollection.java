package dev.tidemark.node.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.node.failure.NodeFailure;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to create a collection: with the placement of its shards, or with their number, or
 * multi-tenant with neither.
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewCollection(
    String token,
    String name,
    int dimensions,
    Distance distance,
    boolean multiTenant,
    @Nullable List<NewShard> shards,
    @Nullable Integer shardCount) {
  public static final int MAX_SHARDS = 256;
  public static final int MAX_DIMENSIONS = 65_536;

  public void check() {
    Names.require("token", token);
    Names.require("collection", name);
    checkShape(dimensions, distance);
    int given = (shards == null ? 0 : 1) + (shardCount == null ? 0 : 1);
    if (given != (multiTenant ? 0 : 1)) {
      throw NodeFailure.invalid(
          "collection " + name,
          multiTenant
              ? "no shards: those of a multi-tenant collection are its tenants"
              : "either \"shards\" or \"shardCount\"",
          given == 0 ? "neither" : "shards");
    }
    int count = shards != null ? shards.size() : shardCount == null ? 1 : shardCount;
    if (count < 1 || count > MAX_SHARDS) {
      throw NodeFailure.invalid("shards of " + name, "1 to " + MAX_SHARDS, count);
    }
  }

  public static void checkShape(int dimensions, @Nullable Distance distance) {
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw NodeFailure.invalid("dimensions", "1 to " + MAX_DIMENSIONS, dimensions);
    }
    if (distance == null) {
      throw NodeFailure.invalid("distance", "cosine, dot or l2", "none");
    }
  }
}
