package dev.tidemark.node.schema;

import io.micronaut.core.annotation.Introspected;

/**
 * A shard and where it is.
 *
 * @param name of the shard; of a multi-tenant collection, the tenant's
 * @param generation minted at each creation and restore of the shard, never reused
 */
@Introspected
public record Placement(String name, String node, String generation, Activity status) {
  public Placement with(Activity changed) {
    return new Placement(name, node, generation, changed);
  }
}
