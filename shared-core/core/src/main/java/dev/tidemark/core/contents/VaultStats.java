package dev.tidemark.core.contents;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.PartLists;
import dev.tidemark.core.vault.PartReader;
import dev.tidemark.core.vault.PartRef;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How much a vault holds, and what compression and reuse save. */
public final class VaultStats {
  private static final List<String> KINDS =
      List.of("data", "parts", "index", "backups", "deleted", "notes", "owners");
  private static final int PAGE = 1_000;

  private final Vault vault;

  public VaultStats(Vault vault) {
    this.vault = vault;
  }

  /** Objects of a kind. */
  public record Size(long objects, long bytes) {
    static final Size NONE = new Size(0, 0);

    Size plus(long more) {
      return new Size(objects + 1, bytes + more);
    }
  }

  /**
   * A cluster in a vault.
   *
   * @param clusterId the cluster id
   * @param backups that exist
   * @param deletedBackups with a tombstone and still a manifest
   * @param kinds sizes by the first component of the key
   * @param logical bytes of the files of all existing backups together
   * @param plain bytes of the blobs that these refer to, before compression
   * @param stored bytes of these blobs as they are stored
   */
  public record OfCluster(
      String clusterId,
      long backups,
      long deletedBackups,
      Map<String, Size> kinds,
      long logical,
      long plain,
      long stored) {

    /** What compression saves: bytes before for each one after; 1 where there is nothing. */
    public double compression() {
      return stored == 0 ? 1 : (double) plain / stored;
    }

    /** What reuse saves: bytes in backups for each one that had to be kept; 1 for nothing. */
    public double reuse() {
      return plain == 0 ? 1 : (double) logical / plain;
    }

    /** Bytes of blobs that no existing backup refers to: garbage, and runs that are under way. */
    public long unreferenced() {
      return Math.max(0, kinds.getOrDefault("data", Size.NONE).bytes() - stored);
    }
  }

  /** Every cluster with any object. Lists the whole vault and opens every part once. */
  public List<OfCluster> clusters() {
    var kinds = new TreeMap<String, Map<String, Size>>();
    for (String kind : KINDS) {
      count(kind, kinds);
    }
    var stats = new ArrayList<OfCluster>();
    kinds.forEach((clusterId, sizes) -> stats.add(cluster(clusterId, sizes)));
    return stats;
  }

  private void count(String kind, Map<String, Map<String, Size>> kinds) {
    String prefix = kind + "/";
    List<BlobInfo> page = vault.store().list(prefix, null, PAGE);
    while (!page.isEmpty()) {
      for (BlobInfo info : page) {
        String rest = info.key().substring(prefix.length());
        int slash = rest.indexOf('/');
        if (slash > 0) {
          kinds
              .computeIfAbsent(rest.substring(0, slash), cluster -> new TreeMap<>())
              .merge(kind, new Size(1, info.size()), (a, b) -> a.plus(b.bytes()));
        }
      }
      page = vault.store().list(prefix, page.get(page.size() - 1).key(), PAGE);
    }
  }

  private OfCluster cluster(String clusterId, Map<String, Size> kinds) {
    var parts = new TreeMap<String, Set<PartRef>>();
    long backups = 0;
    long deleted = 0;
    long logical = 0;
    for (Vault.Listed listed : listed(clusterId)) {
      if (vault.isDeleted(clusterId, listed.backupId())) {
        deleted++;
        continue;
      }
      Manifest manifest = vault.manifest(clusterId, listed.backupId()).orElse(null);
      if (manifest != null) {
        backups++;
        logical += manifest.header().bytes();
        collect(manifest, parts);
      }
    }
    long[] plain = {0};
    long[] stored = {0};
    parts.forEach(
        (unit, refs) -> {
          for (BlobRef blob : blobs(clusterId, unit, refs)) {
            plain[0] += blob.plain();
            stored[0] += blob.stored();
          }
        });
    return new OfCluster(clusterId, backups, deleted, kinds, logical, plain[0], stored[0]);
  }

  private List<Vault.Listed> listed(String clusterId) {
    var all = new ArrayList<Vault.Listed>();
    if (VaultKeys.isClusterId(clusterId)) {
      Vault.@Nullable Listed last = null;
      List<Vault.Listed> page = vault.manifests(clusterId, null);
      while (!page.isEmpty()) {
        all.addAll(page);
        last = page.get(page.size() - 1);
        page = vault.manifests(clusterId, last);
      }
    }
    return all;
  }

  private void collect(Manifest manifest, Map<String, Set<PartRef>> parts) {
    String clusterId = manifest.header().clusterId();
    new BackupContents(vault)
        .units(
            manifest,
            unit ->
                parts
                    .computeIfAbsent(unit.unit(), key -> new HashSet<>())
                    .addAll(PartLists.read(vault.store(), clusterId, unit.unit(), unit.parts())));
  }

  private Set<BlobRef> blobs(String clusterId, String unit, Set<PartRef> parts) {
    var blobs = new HashSet<BlobRef>();
    for (PartRef ref : parts) {
      try (PartReader part = PartReader.open(vault.store(), clusterId, unit, ref.name(), ref)) {
        blobs.addAll(part.blobs());
      }
    }
    return blobs;
  }
}
