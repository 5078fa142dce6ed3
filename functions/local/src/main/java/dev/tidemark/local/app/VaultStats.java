package dev.tidemark.local.app;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies in a vault.
 *
 * @param kinds by the first part of the key, in order
 * @param clusters by cluster id, in order
 */
public record VaultStats(
    String name, String path, String id, List<Objects> kinds, List<Cluster> clusters) {

  /** Objects of one kind. */
  public record Objects(String kind, long objects, long bytes) {}

  /**
   * The backups of one incarnation of a cluster.
   *
   * @param content of all its backups together, as if each stood alone
   * @param stored bytes in the vault for it
   */
  public record Cluster(
      String cluster,
      String clusterId,
      long backups,
      @Nullable Instant oldest,
      @Nullable Instant newest,
      long content,
      long stored) {}
}
