package dev.tidemark.core.flow;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a restore.
 *
 * @param cluster the cluster into which to restore
 * @param source the cluster that was backed up; null: the same
 * @param vault null: the source cluster's own
 * @param include collections, or shards as {@code collection/shard}, to restore, with {@code *};
 *     empty: all. Not together with exclude
 * @param exclude what to leave out, likewise
 * @param paths files or directories as {@code collection/shard/path} (without the shard where a
 *     collection is not divided), escaped as {@link dev.tidemark.core.tree.EntryPath} says: each
 *     with all below it; empty: all
 * @param rename collection patterns to new names; a {@code *} on the left stands for the one on the
 *     right
 * @param nodes names of nodes in the backup to those on which their shards are placed
 * @param suffix appended to every collection's name, after renaming; empty for none
 * @param place where the target is not the configured one (directories: a folder); empty: it is
 * @param replace whether existing data may be replaced
 */
public record RestoreRequest(
    String cluster,
    @Nullable String source,
    @Nullable String vault,
    String backupId,
    List<String> include,
    List<String> exclude,
    List<String> paths,
    Map<String, String> rename,
    Map<String, String> nodes,
    String suffix,
    String place,
    boolean replace) {

  public static RestoreRequest of(String cluster, String backupId) {
    return new RestoreRequest(
        cluster, null, null, backupId, List.of(), List.of(), List.of(), Map.of(), Map.of(), "", "",
        false);
  }
}
