package dev.tidemark.node.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to restore a collection, or some tenants into an existing one.
 *
 * @param replace whether what exists under these names is replaced; null: no
 * @param tenantsOnly null: no
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewRestore(
    int dimensions,
    Distance distance,
    boolean multiTenant,
    List<NewShard> shards,
    @Nullable Boolean replace,
    @Nullable Boolean tenantsOnly) {
  public boolean replaces() {
    return replace != null && replace;
  }

  public boolean restoresTenants() {
    return tenantsOnly != null && tenantsOnly;
  }
}
