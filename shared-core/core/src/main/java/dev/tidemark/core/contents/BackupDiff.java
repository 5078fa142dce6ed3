package dev.tidemark.core.contents;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.ShardEntries;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.core.vault.Vault;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What differs between two backups of a cluster, in one vault. */
public final class BackupDiff {
  private final Vault vault;

  public BackupDiff(Vault vault) {
    this.vault = vault;
  }

  /** How an entry differs. */
  public enum Kind {
    ADDED,
    REMOVED,
    /** Other bytes, another type or another target. */
    CONTENT,
    /** Only mode, owner or time. */
    ATTRIBUTES
  }

  /**
   * A difference.
   *
   * @param shard canonical name
   * @param before null where added
   * @param after null where removed
   */
  public record Change(Kind kind, String shard, @Nullable Entry before, @Nullable Entry after) {}

  /** How a comparison went: how many shards are in units that are equal, and how many are not. */
  public record Summary(long unchangedShards, long comparedShards) {}

  /** Where a shard of the older backup is recorded. */
  private record Place(Manifest.IndexRef lane, String unit, String root, Shard shard) {}

  /**
   * Compares. Units with equal roots are equal, and not read. A shard is compared with itself,
   * whatever unit it is in. Changes come shard after shard in the plan order of the newer backup,
   * each ascending by path; shards that only the older one has come last.
   */
  public Summary compare(Manifest before, Manifest after, Consumer<Change> sink) {
    Map<String, Place> places = places(before);
    String clusterId = after.header().clusterId();
    long[] unchanged = {0};
    long[] compared = {0};
    try (Older older = new Older(before.header().clusterId())) {
      new BackupContents(vault)
          .units(
              after,
              unit -> {
                Collection<Shard> shards = UnitShards.of(unit).all();
                if (isUnchanged(unit, shards, places)) {
                  shards.forEach(shard -> places.remove(shard.canonicalName()));
                  unchanged[0] += shards.size();
                  return;
                }
                compared[0] += shards.size();
                try (ShardEntries newer = ShardEntries.of(vault.store(), clusterId, unit)) {
                  for (Shard shard : shards) {
                    newer.enter(shard);
                    ShardEntries old = older.at(places.remove(shard.canonicalName()));
                    merge(shard.canonicalName(), new Stream(old), new Stream(newer), sink);
                  }
                }
              });
      compared[0] += places.size();
      new TreeMap<>(places)
          .forEach(
              (name, place) -> merge(name, new Stream(older.at(place)), new Stream(null), sink));
    }
    return new Summary(unchanged[0], compared[0]);
  }

  private static boolean isUnchanged(
      UnitRecord unit, Collection<Shard> shards, Map<String, Place> places) {
    for (Shard shard : shards) {
      Place place = places.get(shard.canonicalName());
      if (place == null || !place.unit().equals(unit.unit()) || !place.root().equals(unit.root())) {
        return false;
      }
    }
    return true;
  }

  private static void merge(String shard, Stream old, Stream now, Consumer<Change> sink) {
    while (old.entry != null || now.entry != null) {
      int order = order(old.entry, now.entry);
      Change change = change(shard, old, now, order);
      if (change != null) {
        sink.accept(change);
      }
      if (order <= 0) {
        old.advance();
      }
      if (order >= 0) {
        now.advance();
      }
    }
  }

  private static @Nullable Change change(String shard, Stream old, Stream now, int order) {
    if (order == 0) {
      Kind kind = kind(Objects.requireNonNull(old.entry), Objects.requireNonNull(now.entry));
      return kind == null ? null : new Change(kind, shard, old.entry, now.entry);
    }
    Entry only = Objects.requireNonNull(order < 0 ? old.entry : now.entry);
    if (only.path().isRoot() && old.isShard() && now.isShard()) {
      // In a unit of its own a shard of some engines has no root; in a bin every shard has one.
      return null;
    }
    return order < 0
        ? new Change(Kind.REMOVED, shard, only, null)
        : new Change(Kind.ADDED, shard, null, only);
  }

  private static int order(@Nullable Entry old, @Nullable Entry now) {
    if (old == null || now == null) {
      return old == null ? 1 : -1;
    }
    return old.path().compareTo(now.path());
  }

  private static @Nullable Kind kind(Entry old, Entry now) {
    FileMeta a = old.meta();
    FileMeta b = now.meta();
    boolean content =
        a.type() != b.type()
            || a.size() != b.size()
            || !Objects.equals(a.target(), b.target())
            || !Objects.equals(old.digest(), now.digest());
    if (content) {
      return Kind.CONTENT;
    }
    return a.equals(b) ? null : Kind.ATTRIBUTES;
  }

  private Map<String, Place> places(Manifest manifest) {
    var places = new HashMap<String, Place>();
    for (Manifest.IndexRef index : BackupContents.lanes(manifest)) {
      try (LaneText.Reader lane = vault.lane(manifest.header().clusterId(), index)) {
        for (UnitRecord unit = lane.next(); unit != null; unit = lane.next()) {
          for (Shard shard : UnitShards.of(unit).all()) {
            var place = new Place(index, unit.unit(), unit.root(), shard);
            places.put(shard.canonicalName(), place);
          }
        }
      }
    }
    return places;
  }

  /**
   * The older backup's shards: with the records of one lane, and one unit, which stays open for
   * those of its shards that come in order.
   */
  private final class Older implements AutoCloseable {
    private final String clusterId;
    private final Map<String, UnitRecord> ofLane = new HashMap<>();
    private Manifest.@Nullable IndexRef lane;
    private @Nullable ShardEntries open;
    private String unit = "";
    private EntryPath last = EntryPath.ROOT;

    Older(String clusterId) {
      this.clusterId = clusterId;
    }

    /** A shard's entries; null where there is no such shard. */
    @Nullable ShardEntries at(@Nullable Place place) {
      if (place == null) {
        return null;
      }
      UnitRecord record = record(place);
      EntryPath folder = UnitShards.of(record).folder(place.shard());
      ShardEntries entries = open;
      if (entries == null || !unit.equals(place.unit()) || folder.compareTo(last) <= 0) {
        close();
        entries = ShardEntries.of(vault.store(), clusterId, record);
      }
      entries.enter(place.shard());
      open = entries;
      unit = place.unit();
      last = folder;
      return entries;
    }

    private UnitRecord record(Place place) {
      if (!place.lane().equals(lane)) {
        ofLane.clear();
        try (LaneText.Reader reader = vault.lane(clusterId, place.lane())) {
          for (UnitRecord r = reader.next(); r != null; r = reader.next()) {
            ofLane.put(r.unit(), r);
          }
        }
        lane = place.lane();
      }
      return Objects.requireNonNull(ofLane.get(place.unit()));
    }

    @Override
    public void close() {
      if (open != null) {
        open.close();
        open = null;
      }
    }
  }

  /** Entries with the next one in sight. */
  private static final class Stream {
    private final @Nullable ShardEntries entries;
    private @Nullable Entry entry;

    Stream(@Nullable ShardEntries entries) {
      this.entries = entries;
      advance();
    }

    /** Whether there is such a shard, with entries or without. */
    boolean isShard() {
      return entries != null;
    }

    void advance() {
      entry = entries == null ? null : entries.next();
    }
  }
}
