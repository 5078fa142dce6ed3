package dev.tidemark.core.control;

import dev.tidemark.core.tree.EntryPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A restore to be made, onto a configured cluster, or into a folder.
 *
 * @param include collections of the backup, or shards as {@code collection/shard}, {@code *} in
 *     them; empty for all
 * @param exclude likewise; empty for none; never set together with include
 * @param paths {@code collection/shard/path}: only these entries and all below them; empty for all
 * @param renames in order; the first that matches a collection names it
 * @param suffix appended to the names of collections after renaming; empty for none
 * @param nodes names of nodes in the backup to those on which their shards are placed
 * @param into the cluster to restore onto; null for the one that the backup is of
 * @param to the folder under which collections are restored, absolute; null for the cluster's own
 *     places; without it the cluster must be configured
 * @param replace whether what exists may be replaced
 */
public record CreateRestore(
    BackupName backup,
    List<String> include,
    List<String> exclude,
    List<EntryPath> paths,
    List<Rename> renames,
    String suffix,
    Map<String, String> nodes,
    @Nullable String into,
    @Nullable Path to,
    boolean replace) {

  /**
   * Another name for a collection: what {@code *} stands for in {@code from}, it stands for in
   * {@code to}. As many {@code *} in both, or none in {@code to}.
   */
  public record Rename(String from, String to) {}
}
