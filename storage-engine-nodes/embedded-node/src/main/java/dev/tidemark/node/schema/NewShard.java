package dev.tidemark.node.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * A shard or tenant to be made or restored.
 *
 * @param node null: where the fewest are (only for tenants)
 * @param status null: ACTIVE
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewShard(String name, @Nullable String node, @Nullable Activity status) {
  Activity activity() {
    return status == null ? Activity.ACTIVE : status;
  }
}
