package dev.tidemark.core.control;

import dev.tidemark.core.vault.Entry;
import org.jspecify.annotations.Nullable;

/**
 * An entry that two backups do not have alike.
 *
 * @param before null where it was added
 * @param after null where it was removed
 */
public record DiffView(
    String collection, String shard, Change change, @Nullable Entry before, @Nullable Entry after) {

  /** What differs. */
  public enum Change {
    ADDED,
    REMOVED,
    /** Type, size, content or link target. */
    CONTENT,
    /** Mode, owner or time only. */
    ATTRIBUTES
  }
}
