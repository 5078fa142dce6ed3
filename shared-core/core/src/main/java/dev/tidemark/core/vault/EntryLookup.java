package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds single files of a unit, as hard links need them. Keeps the files of the part that it used
 * last, because links are often near one another. For one thread.
 */
public final class EntryLookup {
  private final BlobStore store;
  private final String clusterId;
  private final String unit;
  private final List<PartRef> parts;
  private final Map<EntryPath, Entry> files = new HashMap<>();
  private String loaded = "";

  /**
   * @param parts in order
   */
  public EntryLookup(BlobStore store, String clusterId, String unit, List<PartRef> parts) {
    this.store = store;
    this.clusterId = clusterId;
    this.unit = unit;
    this.parts = parts.stream().filter(part -> part.entries() > 0).toList();
  }

  /** The regular file at a path; nothing where there is none. */
  public Optional<Entry> file(EntryPath path) {
    int low = 0;
    int high = parts.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      PartRef part = parts.get(middle);
      if (path.compareTo(part.first()) < 0) {
        high = middle - 1;
      } else if (path.compareTo(part.last()) > 0) {
        low = middle + 1;
      } else {
        load(part);
        return Optional.ofNullable(files.get(path));
      }
    }
    return Optional.empty();
  }

  private void load(PartRef part) {
    if (loaded.equals(part.name())) {
      return;
    }
    loaded = "";
    files.clear();
    try (PartReader reader = PartReader.open(store, clusterId, unit, part.name(), part)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry.meta().type() == FileType.FILE) {
          files.put(entry.path(), entry);
        }
      }
    }
    loaded = part.name();
  }
}
