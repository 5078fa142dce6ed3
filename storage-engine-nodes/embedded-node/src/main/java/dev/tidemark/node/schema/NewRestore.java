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
 * @param aliases of the collection, set when it is published, each where its name is free; null:
 *     none
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewRestore(
    int dimensions,
    Distance distance,
    boolean multiTenant,
    List<NewShard> shards,
    @Nullable Boolean replace,
    @Nullable Boolean tenantsOnly,
    @Nullable List<String> aliases) {
  public List<String> aliasesOrNone() {
    return aliases == null ? List.of() : aliases;
  }

  public boolean replaces() {
    return replace != null && replace;
  }

  public boolean restoresTenants() {
    return tenantsOnly != null && tenantsOnly;
  }
}
