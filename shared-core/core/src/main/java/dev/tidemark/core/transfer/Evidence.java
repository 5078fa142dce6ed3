package dev.tidemark.core.transfer;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Extent;
import dev.tidemark.core.vault.ListingDigest;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.PartNote;
import dev.tidemark.core.vault.UnitEntries;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitRoot;
import dev.tidemark.core.vault.VaultKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last look at a unit: asks the store for every blob of this run that the unit's parts refer
 * to. The record is made from the entries in the parts alone: as they are written, or, where
 * earlier slices wrote some, as they are read back.
 *
 * <p>Its listing digest is that of the stored entries, not of any listing: a file that changed
 * after it was listed, or was dropped, must not look unchanged to the next backup.
 */
final class Evidence {
  private static final int PAGE = 1_000;

  private final BlobStore store;
  private final UnitTransfer.Job job;
  private final UnitRoot root = new UnitRoot();
  private final ListingDigest listing = new ListingDigest();
  private final Map<String, Long> blobs = new HashMap<>();
  private final TreeMap<String, Long> notes = new TreeMap<>();
  private String recent = "";
  private long files;
  private long bytes;

  Evidence(BlobStore store, UnitTransfer.Job job) {
    this.store = store;
    this.job = job;
  }

  /** Reads back all parts of a unit of which earlier slices wrote some. */
  void readBack(PartList parts) {
    try (UnitEntries entries = UnitEntries.open(store, job.clusterId(), job.unit(), parts)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        add(entry);
      }
      entries.notes().forEach(this::add);
    }
  }

  /**
   * The record of what was added.
   *
   * @param since how many backups ago the unit was read in full
   * @throws PermanentFailure DAMAGED, naming the blob, where one is missing or has another size
   */
  UnitRecord record(PartList parts, int since) {
    long stored = blobs.values().stream().mapToLong(Long::longValue).sum();
    requireBlobs();
    return new UnitRecord(
        job.unit(),
        job.name(),
        job.node(),
        job.shards(),
        job.snapshot(),
        listing.entries(),
        files,
        bytes,
        stored,
        listing.hex(),
        root.hex(),
        listing.weak(),
        since,
        notes,
        parts);
  }

  void add(PartNote note) {
    notes.merge(note.kind(), 1L, Long::sum);
  }

  void add(Entry entry) {
    root.add(entry);
    listing.add(new SourceFile(entry.meta(), entry.identity(), entry.strong()));
    if (entry.meta().type() == FileType.FILE) {
      files++;
      bytes += entry.meta().size();
    }
    for (Extent extent : entry.extents()) {
      BlobRef blob = extent.blob();
      if (blob != null && !blob.name().equals(recent)) {
        recent = blob.name();
        if (blob.writer().equals(job.writer())) {
          blobs.put(blob.name(), blob.stored());
        }
      }
    }
  }

  private void requireBlobs() {
    String folder = VaultKeys.dataOf(job.clusterId(), job.unit(), job.writer());
    int nameStart = folder.length() - job.writer().length() - 1;
    @Nullable String after = null;
    List<BlobInfo> page = blobs.isEmpty() ? List.of() : store.list(folder, null, PAGE);
    while (!page.isEmpty() && !blobs.isEmpty()) {
      for (BlobInfo info : page) {
        Long size = blobs.remove(info.key().substring(nameStart));
        if (size != null && size != info.size()) {
          throw damaged(info.key(), size, info.size() + " bytes");
        }
      }
      after = page.get(page.size() - 1).key();
      page = store.list(folder, after, PAGE);
    }
    blobs.forEach(
        (name, size) -> {
          throw damaged(VaultKeys.data(job.clusterId(), job.unit(), name), size, "no such object");
        });
  }

  private PermanentFailure damaged(String key, long size, String found) {
    return PermanentFailure.of(Kind.DAMAGED, "blob " + key + " of unit " + job.name())
        .expected(size + " bytes, as they were stored a moment ago")
        .found(found)
        .hint("look for who or what deletes in this vault, then back up again");
  }
}
