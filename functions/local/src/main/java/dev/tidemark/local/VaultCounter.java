package dev.tidemark.local;

import dev.tidemark.core.control.BackupFinder;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.local.app.VaultStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what lies in a vault. */
final class VaultCounter {
  private VaultCounter() {}

  /**
   * @param name as the host knows the vault
   * @param place where it is, in words for a person
   */
  static VaultStats count(String name, String place, Vault vault) {
    Map<String, long[]> kinds = new TreeMap<>();
    List<VaultStats.Cluster> clusters = new ArrayList<>();
    for (var cluster : new dev.tidemark.core.contents.VaultStats(vault).clusters()) {
      long[] stored = {0};
      cluster
          .kinds()
          .forEach(
              (kind, size) -> {
                long[] sum = kinds.computeIfAbsent(kind, k -> new long[2]);
                sum[0] += size.objects();
                sum[1] += size.bytes();
                stored[0] += size.bytes();
              });
      List<Instant> times = sealedTimes(vault, cluster.clusterId());
      clusters.add(
          new VaultStats.Cluster(
              BackupFinder.clusterName(cluster.clusterId()),
              cluster.clusterId(),
              cluster.backups(),
              times.isEmpty() ? null : times.get(0),
              times.isEmpty() ? null : times.get(times.size() - 1),
              cluster.logical(),
              stored[0]));
    }
    Map<String, VaultStats.Objects> objects = new LinkedHashMap<>();
    kinds.forEach((kind, sum) -> objects.put(kind, new VaultStats.Objects(kind, sum[0], sum[1])));
    return new VaultStats(name, place, vault.id(), List.copyOf(objects.values()), clusters);
  }

  private static List<Instant> sealedTimes(Vault vault, String clusterId) {
    List<Instant> times = new ArrayList<>();
    List<Vault.Listed> page = vault.manifests(clusterId, null);
    while (!page.isEmpty()) {
      page.forEach(listed -> times.add(listed.created()));
      page = vault.manifests(clusterId, page.get(page.size() - 1));
    }
    times.sort(null);
    return times;
  }
}
