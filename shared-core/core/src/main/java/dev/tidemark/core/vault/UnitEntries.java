package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.tree.FileMeta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All entries of a unit in order, over its parts, with the checks of {@link PartReader} and those
 * that need more than one part. For one thread.
 */
public final class UnitEntries implements AutoCloseable {
  private final BlobStore store;
  private final String clusterId;
  private final String unit;
  private final Iterator<PartRef> parts;
  private final List<PartNote> notes = new ArrayList<>();
  private @Nullable PartReader part;
  private @Nullable PartRef ref;
  private String key = "";
  private @Nullable FileMeta before;

  private UnitEntries(BlobStore store, String clusterId, String unit, List<PartRef> parts) {
    this.store = store;
    this.clusterId = clusterId;
    this.unit = unit;
    this.parts = parts.iterator();
  }

  /** Opens a unit's entries by its record. */
  public static UnitEntries open(BlobStore store, String clusterId, String unit, PartList parts) {
    return new UnitEntries(store, clusterId, unit, PartLists.read(store, clusterId, unit, parts));
  }

  /** The next entry; null after the last one. */
  public @Nullable Entry next() {
    while (true) {
      if (part == null && !openNext()) {
        return null;
      }
      PartReader from = part;
      Entry entry = from == null ? null : from.next();
      if (entry != null) {
        requireOrder(entry);
        before = entry.meta();
        return entry;
      }
      closePart();
    }
  }

  /** The part that the last entry came from. */
  public @Nullable PartRef part() {
    return ref;
  }

  /** The notes of the parts that have been read. */
  public List<PartNote> notes() {
    return Collections.unmodifiableList(notes);
  }

  @Override
  public void close() {
    if (part != null) {
      part.close();
      part = null;
    }
  }

  private boolean openNext() {
    if (!parts.hasNext()) {
      return false;
    }
    ref = parts.next();
    key = VaultKeys.part(clusterId, unit, ref.name());
    part = PartReader.open(store, clusterId, unit, ref.name(), ref);
    return true;
  }

  private void closePart() {
    if (part != null && notes.size() < PartWriter.MAX_NOTES) {
      notes.addAll(part.notes());
    }
    close();
  }

  private void requireOrder(Entry entry) {
    requireOrder(key, before, entry.meta());
  }

  /**
   * Refuses an entry that may not follow another one of its unit.
   *
   * @param key of the part that lists it
   * @param before null for the unit's first entry
   */
  public static void requireOrder(String key, @Nullable FileMeta before, FileMeta next) {
    String wrong = EntryRules.wrongOrder(before, next);
    if (wrong != null) {
      throw Damage.of(key, "ascending entries", wrong);
    }
  }
}
