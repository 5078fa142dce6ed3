package dev.tidemark.node.schema;

import io.micronaut.core.annotation.Introspected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A collection with the placement of its shards, which are the tenants of a multi-tenant one. */
@Introspected
public record Collection(
    String name,
    String id,
    int dimensions,
    Distance distance,
    boolean multiTenant,
    List<Placement> shards) {
  public Optional<Placement> shard(String shard) {
    return shards.stream().filter(placement -> placement.name().equals(shard)).findFirst();
  }

  public Collection withShards(List<Placement> changed) {
    return new Collection(name, id, dimensions, distance, multiTenant, List.copyOf(changed));
  }

  /** With these shards added, in the place of those of the same names. */
  public Collection replacing(List<Placement> others) {
    var merged = new ArrayList<>(shards);
    for (Placement other : others) {
      merged.removeIf(placement -> placement.name().equals(other.name()));
    }
    merged.addAll(others);
    return withShards(merged);
  }

  public boolean likeShaped(Collection other) {
    return dimensions == other.dimensions
        && distance == other.distance
        && multiTenant == other.multiTenant;
  }
}
