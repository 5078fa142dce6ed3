package dev.tidemark.core.engine;

import dev.tidemark.core.tree.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The smallest thing that an engine can give by itself.
 *
 * @param collection the engine's name of the collection (for directories: of the root)
 * @param shard the engine's name of the shard; empty where the collection is not divided
 * @param node the node that holds it
 * @param bytes its size as far as the engine knows, for planning only
 */
public record Shard(String collection, String shard, String node, long bytes) {
  private static final int MAX_FOLDER_BYTES = 255;

  /** {@code collection/shard}, each escaped like a path; never the node, which may change. */
  public String canonicalName() {
    return Names.escape(collection) + (shard.isEmpty() ? "" : "/" + Names.escape(shard));
  }

  /**
   * Its folder in a unit of several shards: one component, its name escaped as in {@link
   * #canonicalName}. Nothing where the name can be that of no folder, so that the shard is always a
   * unit of its own: an empty one, {@code .} and {@code ..}, or more than 255 bytes.
   */
  public Optional<EntryPath> folder() {
    String name = Names.escape(shard);
    boolean fits =
        !name.isEmpty()
            && !name.equals(".")
            && !name.equals("..")
            && name.length() <= MAX_FOLDER_BYTES;
    return fits
        ? Optional.of(EntryPath.of(name.getBytes(StandardCharsets.US_ASCII)))
        : Optional.empty();
  }
}
