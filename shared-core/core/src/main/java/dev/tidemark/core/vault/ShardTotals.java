package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.tree.FileType;
import java.util.HashMap;
import java.util.Map;

/** How much each shard of a unit holds. */
public final class ShardTotals {
  private final Map<Shard, Totals> totals = new HashMap<>();

  private ShardTotals() {}

  /**
   * What a shard holds.
   *
   * @param files regular files
   * @param bytes of their content
   */
  public record Totals(long files, long bytes) {
    static final Totals NONE = new Totals(0, 0);

    Totals plus(Totals more) {
      return new Totals(files + more.files, bytes + more.bytes);
    }
  }

  /** The totals of a unit: by its record where it is one shard, else by its entries. */
  public static ShardTotals of(BlobStore store, String clusterId, UnitRecord record) {
    var all = new ShardTotals();
    UnitShards shards = UnitShards.of(record);
    if (!shards.several()) {
      all.totals.put(record.shards().get(0), new Totals(record.files(), record.bytes()));
      return all;
    }
    try (UnitEntries entries = UnitEntries.open(store, clusterId, record.unit(), record.parts())) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.meta().type() == FileType.FILE) {
          all.add(shards, entry);
        }
      }
    }
    return all;
  }

  private void add(UnitShards shards, Entry entry) {
    shards
        .locate(entry.path())
        .ifPresent(
            at -> totals.merge(at.shard(), new Totals(1, entry.meta().size()), Totals::plus));
  }

  public Totals of(Shard shard) {
    return totals.getOrDefault(shard, Totals.NONE);
  }
}
