package dev.tidemark.core.control;

import dev.tidemark.core.contents.BackupDiff;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Vault;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts the differences of two backups while they pass by. */
final class Differences {
  private final Vault vault;
  private final Consumer<DiffView> sink;
  private final Map<BackupDiff.Kind, Long> counts = new EnumMap<>(BackupDiff.Kind.class);
  private long bytesAdded;
  private long bytesRemoved;
  private long bytesChanged;

  Differences(Vault vault, Consumer<DiffView> sink) {
    this.vault = vault;
    this.sink = sink;
  }

  DiffTotals compare(Manifest older, Manifest newer) {
    var unused = new BackupDiff(vault).compare(older, newer, this::count);
    long added = counts.getOrDefault(BackupDiff.Kind.ADDED, 0L);
    long content = counts.getOrDefault(BackupDiff.Kind.CONTENT, 0L);
    long attributes = counts.getOrDefault(BackupDiff.Kind.ATTRIBUTES, 0L);
    return new DiffTotals(
        added,
        counts.getOrDefault(BackupDiff.Kind.REMOVED, 0L),
        content,
        attributes,
        newer.header().entries() - added - content - attributes,
        bytesAdded,
        bytesRemoved,
        bytesChanged);
  }

  private void count(BackupDiff.Change change) {
    counts.merge(change.kind(), 1L, Long::sum);
    switch (change.kind()) {
      case ADDED -> bytesAdded += size(change.after());
      case REMOVED -> bytesRemoved += size(change.before());
      case CONTENT -> bytesChanged += size(change.after());
      case ATTRIBUTES -> {}
    }
    String name = EntryPath.parse(change.shard()).toString();
    int slash = name.indexOf('/');
    sink.accept(
        new DiffView(
            slash < 0 ? name : name.substring(0, slash),
            slash < 0 ? "" : name.substring(slash + 1),
            DiffView.Change.valueOf(change.kind().name()),
            change.before(),
            change.after()));
  }

  private static long size(@Nullable Entry entry) {
    return entry == null ? 0 : entry.meta().size();
  }
}
