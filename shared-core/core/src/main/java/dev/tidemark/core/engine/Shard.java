package dev.tidemark.core.engine;

/**
 * The smallest thing that an engine can give by itself.
 *
 * @param collection the engine's name of the collection (for directories: of the root)
 * @param shard the engine's name of the shard; empty where the collection is not divided
 * @param node the node that holds it
 * @param bytes its size as far as the engine knows, for planning only
 */
public record Shard(String collection, String shard, String node, long bytes) {

  /** {@code collection/shard}, each escaped like a path; never the node, which may change. */
  public String canonicalName() {
    return Names.escape(collection) + (shard.isEmpty() ? "" : "/" + Names.escape(shard));
  }
}
