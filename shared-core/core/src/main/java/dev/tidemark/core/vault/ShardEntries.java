package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.tree.EntryPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of single shards of a unit, as seen from the shard, with the checks of {@link
 * UnitEntries}. Shards that are asked for in the order of their folders are read in one pass. For
 * one thread.
 */
public final class ShardEntries implements AutoCloseable {
  private final UnitEntries entries;
  private final UnitShards shards;
  private EntryPath folder = EntryPath.ROOT;
  private @Nullable Entry ahead;
  private boolean begun;
  private boolean last;

  private ShardEntries(UnitEntries entries, UnitShards shards) {
    this.entries = entries;
    this.shards = shards;
  }

  /** Opens a unit for all of its shards. */
  public static ShardEntries of(BlobStore store, String clusterId, UnitRecord record) {
    return new ShardEntries(
        UnitEntries.open(store, clusterId, record.unit(), record.parts()), UnitShards.of(record));
  }

  /** Opens a unit at one shard; parts that cannot hold it are not read. */
  public static ShardEntries of(BlobStore store, String clusterId, UnitRecord record, Shard shard) {
    UnitShards shards = UnitShards.of(record);
    EntryPath folder = shards.folder(shard);
    List<PartRef> parts =
        PartLists.read(store, clusterId, record.unit(), record.parts()).stream()
            .filter(part -> part.mayHold(folder))
            .toList();
    var some =
        new ShardEntries(
            UnitEntries.open(store, clusterId, record.unit(), new PartList(parts, null)), shards);
    some.enter(shard);
    some.last = true;
    return some;
  }

  /**
   * Goes on to a shard, which follows those that were entered before.
   *
   * @throws IllegalArgumentException where it does not
   */
  public void enter(Shard shard) {
    EntryPath next = shards.folder(shard);
    if (begun && next.compareTo(folder) <= 0) {
      throw new IllegalArgumentException(next + " after " + folder);
    }
    begun = true;
    folder = next;
  }

  /** The next entry of the shard that was entered last; null after its last one. */
  public @Nullable Entry next() {
    Entry entry = ahead == null ? entries.next() : ahead;
    while (entry != null && !entry.path().startsWith(folder)) {
      if (!last && entry.path().compareTo(folder) > 0) {
        ahead = entry;
        return null;
      }
      entry = entries.next(); // to the end, which proves the part
    }
    ahead = null;
    return entry == null ? null : UnitShards.from(folder, entry);
  }

  @Override
  public void close() {
    entries.close();
  }
}
