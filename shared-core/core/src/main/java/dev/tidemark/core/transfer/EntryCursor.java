package dev.tidemark.core.transfer;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.PartLists;
import dev.tidemark.core.vault.PartReader;
import dev.tidemark.core.vault.PartRef;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Walks over a unit's parts beside a listing. Parts that end before what is asked are not read. */
final class EntryCursor implements AutoCloseable {
  private final BlobStore store;
  private final String clusterId;
  private final String unit;
  private final Iterator<PartRef> parts;
  private @Nullable PartReader part;
  private @Nullable Entry entry;

  EntryCursor(BlobStore store, String clusterId, String unit, PartList parts) {
    this.store = store;
    this.clusterId = clusterId;
    this.unit = unit;
    this.parts = PartLists.read(store, clusterId, unit, parts).iterator();
  }

  /**
   * The entry at a path; null where there is none.
   *
   * @param path not before those asked earlier
   */
  @Nullable Entry at(EntryPath path) {
    while (entry == null || entry.path().compareTo(path) < 0) {
      if (!advance(path)) {
        return null;
      }
    }
    return entry.path().equals(path) ? entry : null;
  }

  private boolean advance(EntryPath path) {
    PartReader from = part;
    entry = from == null ? null : from.next();
    while (entry == null) {
      close();
      PartRef next = nextPart(path);
      if (next == null) {
        return false;
      }
      from = PartReader.open(store, clusterId, unit, next.name(), next);
      part = from;
      entry = from.next();
    }
    return true;
  }

  private @Nullable PartRef nextPart(EntryPath path) {
    while (parts.hasNext()) {
      PartRef next = parts.next();
      if (next.entries() > 0 && next.last().compareTo(path) >= 0) {
        return next;
      }
    }
    return null;
  }

  /** Reads the part in hand to its end: only then are its entries proven. */
  void prove() {
    PartReader from = part;
    while (from != null && from.next() != null) {
      entry = null;
    }
  }

  @Override
  public void close() {
    if (part != null) {
      part.close();
      part = null;
    }
  }
}
