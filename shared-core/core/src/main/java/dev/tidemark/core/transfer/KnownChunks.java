package dev.tidemark.core.transfer;

import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Extent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chunks of a file that the vault has, by their offset in the file. */
final class KnownChunks {
  static final KnownChunks NONE = new KnownChunks();

  private final Map<Long, Extent> chunks = new HashMap<>();

  private KnownChunks() {}

  /**
   * The chunks of a base's file that may be used.
   *
   * @param packs the base's packs that are still used enough
   */
  static KnownChunks of(@Nullable Entry base, Set<String> packs) {
    if (base == null || base.extents().isEmpty()) {
      return NONE;
    }
    return of(withDigest(base), extent -> isUsable(extent, packs));
  }

  /** The chunks of an earlier try at the same file. */
  static KnownChunks of(List<Extent> extents) {
    return of(extents, extent -> true);
  }

  private static KnownChunks of(List<Extent> extents, java.util.function.Predicate<Extent> usable) {
    var known = new KnownChunks();
    long at = 0;
    for (Extent extent : extents) {
      if (extent.blob() != null && usable.test(extent)) {
        known.chunks.put(at, extent);
      }
      at += extent.length();
    }
    return known;
  }

  /** The chunk with this content at this place; null where it is not known. */
  @Nullable Extent find(long offset, long length, Digest digest) {
    Extent extent = chunks.get(offset);
    return extent != null && extent.length() == length && digest.equals(extent.digest())
        ? extent
        : null;
  }

  /** Whether an extent's blob may be referred to: no pack, or one that is used enough. */
  static boolean isUsable(Extent extent, Set<String> packs) {
    BlobRef blob = extent.blob();
    return blob == null || !isShared(extent, blob) || packs.contains(blob.name());
  }

  static boolean isShared(Extent extent, BlobRef blob) {
    return extent.length() != blob.plain();
  }

  /** A file's extents, its only one with the digest that the format leaves out. */
  private static List<Extent> withDigest(Entry entry) {
    List<Extent> extents = entry.extents();
    Extent only = extents.get(0);
    return extents.size() == 1 && only.blob() != null
        ? List.of(new Extent(only.blob(), only.offset(), only.length(), entry.digest()))
        : extents;
  }

  /** A file's extents as the format has them: its only one without the file's digest. */
  static List<Extent> withoutDigest(List<Extent> extents) {
    if (extents.size() != 1 || extents.get(0).blob() == null) {
      return List.copyOf(extents);
    }
    Extent only = extents.get(0);
    return List.of(new Extent(only.blob(), only.offset(), only.length(), null));
  }
}
