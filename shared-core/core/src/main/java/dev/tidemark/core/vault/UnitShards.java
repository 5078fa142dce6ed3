package dev.tidemark.core.vault;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.tree.EntryPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the shards of a unit are in it: a unit of one shard is that shard; in one of several each
 * is a folder.
 */
public final class UnitShards {
  private final NavigableMap<EntryPath, Shard> byFolder = new TreeMap<>();

  private UnitShards() {}

  /**
   * Something in a shard.
   *
   * @param path as seen from the shard
   */
  public record Located(Shard shard, EntryPath path) {
    /** {@code collection/shard: path}, for people. */
    @Override
    public String toString() {
      return shard.canonicalName() + ": " + path;
    }
  }

  /**
   * The shards of a unit.
   *
   * @param subject for messages: where they are listed
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED where there is none, or they cannot
   *     be told apart
   */
  public static UnitShards of(String subject, List<Shard> shards) {
    var all = new UnitShards();
    if (shards.size() == 1) {
      all.byFolder.put(EntryPath.ROOT, shards.get(0));
      return all;
    }
    for (Shard shard : shards) {
      Optional<EntryPath> folder = shard.folder();
      if (folder.isEmpty() || all.byFolder.put(folder.get(), shard) != null) {
        throw Damage.of(
            subject, "shards with a folder each", "shard " + Damage.quote(shard.canonicalName()));
      }
    }
    if (all.byFolder.isEmpty()) {
      throw Damage.of(subject, "a unit of one shard or several", "a unit of none");
    }
    return all;
  }

  /** The shards of a unit by its record. */
  public static UnitShards of(UnitRecord record) {
    return of("the record of unit " + record.unit(), record.shards());
  }

  /** Whether there are several. */
  public boolean several() {
    return byFolder.size() > 1;
  }

  /** All, in the order of their folders, which is that of their entries. */
  public Collection<Shard> all() {
    return Collections.unmodifiableCollection(byFolder.values());
  }

  /** Where a shard's entries are: the root where the unit is the shard. */
  public EntryPath folder(Shard shard) {
    return several() ? shard.folder().orElseThrow() : EntryPath.ROOT;
  }

  /** Whose entry this is; nothing where it is in no shard's folder. */
  public Optional<Located> locate(EntryPath path) {
    EntryPath folder = several() ? path.first() : EntryPath.ROOT;
    return Optional.ofNullable(byFolder.get(folder))
        .map(shard -> new Located(shard, path.from(folder)));
  }

  /** The shards whose folders are, or hold, something from one path to another. */
  public List<Shard> between(EntryPath first, EntryPath last) {
    if (!several()) {
      return List.copyOf(byFolder.values());
    }
    return first.first().compareTo(last.first()) > 0
        ? List.of()
        : new ArrayList<>(byFolder.subMap(first.first(), true, last.first(), true).values());
  }

  /** An entry as seen from a folder in which it lies. */
  public static Entry from(EntryPath folder, Entry entry) {
    if (folder.isRoot()) {
      return entry;
    }
    return new Entry(
        entry.meta().from(folder),
        entry.identity(),
        entry.strong(),
        entry.changed(),
        entry.digest(),
        entry.extents());
  }
}
