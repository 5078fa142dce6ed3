package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.ShardEntries;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether every path that was asked for is in the units that are restored. */
final class PathCheck {
  private final boolean none;
  private final Set<String> missing;

  PathCheck(List<String> paths) {
    this.none = paths.isEmpty();
    this.missing = new TreeSet<>(paths);
  }

  /** Looks into a shard of a unit for those not found yet. */
  void look(Vault vault, String clusterId, UnitRecord record, Shard shard, RestoreMapping mapping) {
    if (none || missing.isEmpty()) {
      return;
    }
    String name = shard.canonicalName();
    missing.removeIf(path -> path.equals(name) || name.startsWith(path + "/"));
    List<String> here =
        new ArrayList<>(missing.stream().filter(path -> path.startsWith(name + "/")).toList());
    if (here.isEmpty() || mapping.paths(shard).isEmpty()) {
      return;
    }
    try (ShardEntries entries = ShardEntries.of(vault.store(), clusterId, record, shard)) {
      Entry entry = entries.next();
      while (entry != null && !here.isEmpty()) {
        EntryPath at = entry.path();
        here.removeIf(path -> found(at, path, name));
        entry = entries.next();
      }
      missing.removeIf(path -> path.startsWith(name + "/") && !here.contains(path));
    }
  }

  private static boolean found(EntryPath at, String path, String shard) {
    return Selection.matches(path.substring(shard.length() + 1), at.toString());
  }

  void requireAllFound() {
    if (!missing.isEmpty()) {
      throw PermanentFailure.of(
              PermanentFailure.Kind.NOT_FOUND, "path '" + missing.iterator().next() + "'")
          .expected("a path of the backup, like collection/file or collection/shard/file")
          .found("no such entry among what is restored")
          .hint("`backup contents` lists what there is");
    }
  }
}
