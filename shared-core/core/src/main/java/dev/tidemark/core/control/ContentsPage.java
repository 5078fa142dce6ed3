package dev.tidemark.core.control;

import dev.tidemark.core.tree.EntryPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some entries of a backup.
 *
 * @param next where the next page begins; null where this is the last one
 */
public record ContentsPage(List<Control.EntryView> entries, @Nullable Position next) {

  /**
   * The place of an entry that was read.
   *
   * @param shard the canonical name of its shard; empty for the place before all entries
   */
  public record Position(String shard, EntryPath path) {
    public static final Position START = new Position("", EntryPath.ROOT);
  }
}
