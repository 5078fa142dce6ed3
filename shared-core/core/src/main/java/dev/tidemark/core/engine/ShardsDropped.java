package dev.tidemark.core.engine;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Shards of a unit were dropped by their owner since the backup was planned. The backup goes on
 * without them and says so; never thrown for data that was lost.
 */
public final class ShardsDropped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Shard> shards;

  /**
   * @param shards all of the unit's that are known to be dropped; at least one
   */
  public ShardsDropped(List<Shard> shards) {
    super(
        "dropped since the backup was planned: "
            + shards.stream().map(Shard::canonicalName).collect(Collectors.joining(", ")));
    this.shards = List.copyOf(shards);
  }

  public List<Shard> shards() {
    return shards;
  }
}
