package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.Listing;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Extent;
import dev.tidemark.core.vault.TreeDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What of a base may be used without being stored, or even read, again. */
final class Reuse {
  /** Every so many backups of a unit one reads everything. */
  static final int FULL_EVERY = 30;

  /** Of 256: about 1 % of the files are read although their identity has not changed. */
  private static final int SAMPLED = 3;

  private Reuse() {}

  /** Whether both identities are strong, and equal: then so is the content. */
  static boolean isProven(SourceFile file, Entry entry) {
    return file.strong()
        && entry.strong()
        && !entry.changed()
        && file.identity().equals(entry.identity())
        && file.meta().size() == entry.meta().size();
  }

  /** Whether all blobs of a file may be referred to. */
  static boolean isUsable(Entry entry, Set<String> packs) {
    return entry.extents().stream().allMatch(extent -> KnownChunks.isUsable(extent, packs));
  }

  /** Whether a file belongs to the 1 % of a backup. */
  static boolean isSampled(String backupId, EntryPath path) {
    MessageDigest sha = TreeDigest.sha256();
    sha.update(backupId.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) 0);
    sha.update(path.toString().getBytes(StandardCharsets.US_ASCII));
    return (sha.digest()[0] & 0xff) < SAMPLED;
  }

  /**
   * The base's packs of which the unit will still use at least half. A file counts where its
   * identity is the base's, or at least its size and time are: then its content most likely is,
   * although it must be read to be sure.
   */
  static Set<String> usedPacks(UnitReader reader, BaseEntries base) {
    Map<BlobRef, Long> used = new HashMap<>();
    try (Listing listing = reader.list((kind, path, detail) -> {})) {
      while (listing.hasNext()) {
        SourceFile file = listing.next();
        Entry entry = file.meta().type() == FileType.FILE ? base.file(file.meta().path()) : null;
        if (entry != null && isLikely(file, entry)) {
          count(used, entry);
        }
      }
    }
    base.prove();
    var packs = new HashSet<String>();
    used.forEach(
        (blob, bytes) -> {
          if (2 * bytes >= blob.plain()) {
            packs.add(blob.name());
          }
        });
    return packs;
  }

  private static void count(Map<BlobRef, Long> used, Entry entry) {
    for (Extent extent : entry.extents()) {
      BlobRef blob = extent.blob();
      if (blob != null && KnownChunks.isShared(extent, blob)) {
        used.merge(blob, extent.length(), Long::sum);
      }
    }
  }

  private static boolean isLikely(SourceFile file, Entry entry) {
    FileMeta now = file.meta();
    FileMeta then = entry.meta();
    return now.size() == then.size()
        && (file.identity().equals(entry.identity())
            || (now.mtimeSeconds() == then.mtimeSeconds()
                && now.mtimeNanos() == then.mtimeNanos()));
  }
}
