package dev.tidemark.core.contents;

import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.UnitEntries;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
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
   * @param unit canonical name
   * @param before null where added
   * @param after null where removed
   */
  public record Change(Kind kind, String unit, @Nullable Entry before, @Nullable Entry after) {}

  /** How a comparison went. */
  public record Summary(long unchangedUnits, long comparedUnits) {}

  /** Where a unit of the older backup is recorded. */
  private record Place(Manifest.IndexRef lane, String root, String name) {}

  /**
   * Compares. Units with equal roots are equal, and not read. Changes come unit after unit in the
   * plan order of the newer backup, each ascending by path; units that only the older one has come
   * last.
   */
  public Summary compare(Manifest before, Manifest after, Consumer<Change> sink) {
    Map<String, Place> places = places(before);
    var records = new Records(before.header().clusterId());
    String clusterId = after.header().clusterId();
    long[] unchanged = {0};
    long[] compared = {0};
    new BackupContents(vault)
        .units(
            after,
            unit -> {
              Place place = places.remove(unit.unit());
              if (place != null && place.root().equals(unit.root())) {
                unchanged[0]++;
                return;
              }
              compared[0]++;
              try (Stream old = records.open(unit.unit(), place);
                  Stream now = new Stream(open(clusterId, unit))) {
                merge(unit.name(), old, now, sink);
              }
            });
    new TreeMap<>(places)
        .forEach(
            (unit, place) -> {
              compared[0]++;
              try (Stream old = records.open(unit, place);
                  Stream now = new Stream(null)) {
                merge(place.name(), old, now, sink);
              }
            });
    return new Summary(unchanged[0], compared[0]);
  }

  private static void merge(String unit, Stream old, Stream now, Consumer<Change> sink) {
    while (old.entry != null || now.entry != null) {
      int order = order(old.entry, now.entry);
      if (order < 0) {
        sink.accept(new Change(Kind.REMOVED, unit, old.entry, null));
      } else if (order > 0) {
        sink.accept(new Change(Kind.ADDED, unit, null, now.entry));
      } else if (old.entry != null && now.entry != null) {
        Kind kind = kind(old.entry, now.entry);
        if (kind != null) {
          sink.accept(new Change(kind, unit, old.entry, now.entry));
        }
      }
      if (order <= 0) {
        old.advance();
      }
      if (order >= 0) {
        now.advance();
      }
    }
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

  private UnitEntries open(String clusterId, UnitRecord unit) {
    return UnitEntries.open(vault.store(), clusterId, unit.unit(), unit.parts());
  }

  private Map<String, Place> places(Manifest manifest) {
    var places = new HashMap<String, Place>();
    for (Manifest.IndexRef index : BackupContents.lanes(manifest)) {
      try (LaneText.Reader lane = vault.lane(manifest.header().clusterId(), index)) {
        for (UnitRecord unit = lane.next(); unit != null; unit = lane.next()) {
          places.put(unit.unit(), new Place(index, unit.root(), unit.name()));
        }
      }
    }
    return places;
  }

  /** The older backup's records; of one lane at a time in memory. */
  private final class Records {
    private final String clusterId;
    private final Map<String, UnitRecord> ofLane = new HashMap<>();
    private Manifest.@Nullable IndexRef lane;

    Records(String clusterId) {
      this.clusterId = clusterId;
    }

    Stream open(String unit, @Nullable Place place) {
      if (place == null) {
        return new Stream(null);
      }
      if (!place.lane().equals(lane)) {
        ofLane.clear();
        try (LaneText.Reader reader = vault.lane(clusterId, place.lane())) {
          for (UnitRecord r = reader.next(); r != null; r = reader.next()) {
            ofLane.put(r.unit(), r);
          }
        }
        lane = place.lane();
      }
      UnitRecord record = Objects.requireNonNull(ofLane.get(unit));
      return new Stream(BackupDiff.this.open(clusterId, record));
    }
  }

  /** Entries with the next one in sight. */
  private static final class Stream implements AutoCloseable {
    private final @Nullable UnitEntries entries;
    private @Nullable Entry entry;

    Stream(@Nullable UnitEntries entries) {
      this.entries = entries;
      advance();
    }

    void advance() {
      entry = entries == null ? null : entries.next();
    }

    @Override
    public void close() {
      if (entries != null) {
        entries.close();
      }
    }
  }
}
