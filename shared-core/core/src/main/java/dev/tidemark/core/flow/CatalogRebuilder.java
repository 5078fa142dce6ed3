package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Owner;
import dev.tidemark.core.vault.Vault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes the table's knowledge of backups anew from a vault alone, and takes ownership of its
 * clusters. May be run again at any time.
 */
public final class CatalogRebuilder {
  private final Platform platform;
  private final Ledger ledger;

  public CatalogRebuilder(Platform platform) {
    this.platform = platform;
    this.ledger = new Ledger(platform.table());
  }

  /**
   * What was found.
   *
   * @param clusters how many incarnations of clusters
   * @param backups that exist
   * @param deleted backups with a tombstone
   * @param added backups that the table did not know
   * @param missing backups that the table had as sealed and the vault does not have
   * @param taken cluster ids whose ownership was taken, with the deployment that had it
   * @param leftovers what runs of earlier owners left on the engines, for a person to look at
   * @param damaged manifests that cannot be read, each with the reason
   */
  public record Rebuilt(
      long clusters,
      long backups,
      long deleted,
      long added,
      List<String> missing,
      Map<String, String> taken,
      List<String> leftovers,
      List<String> damaged) {}

  /**
   * @param vaultName as configured
   * @throws PermanentFailure CONFLICT where a run of one of the clusters is active here
   */
  public Rebuilt rebuild(String vaultName) {
    String config = platform.site().newest();
    Vault vault = platform.site().vault(config, vaultName);
    Map<String, Manifest.Header> newest = new TreeMap<>();
    Map<String, Set<String>> seen = new HashMap<>();
    List<String> damaged = new ArrayList<>();
    Set<String> clusterIds = new HashSet<>();
    long backups = 0;
    long deleted = 0;
    long added = 0;
    Vault.Listed last = null;
    List<Vault.Listed> page = vault.manifests("", null);
    while (!page.isEmpty()) {
      for (Vault.Listed listed : page) {
        last = listed;
        Optional<Manifest.Header> read = header(vault, listed, damaged);
        if (read.isEmpty()) {
          continue;
        }
        Manifest.Header header = read.get();
        if (newest.get(header.cluster()) == null) {
          requireIdle(header.cluster());
        }
        newest.merge(header.cluster(), header, (a, b) -> a.sealed().isBefore(b.sealed()) ? b : a);
        seen.computeIfAbsent(header.cluster(), name -> new HashSet<>()).add(header.backup());
        clusterIds.add(header.clusterId());
        boolean buried = vault.isDeleted(header.clusterId(), header.backup());
        backups += buried ? 0 : 1;
        deleted += buried ? 1 : 0;
        added += record(vaultName, header, buried) ? 1 : 0;
      }
      page = vault.manifests("", last);
    }
    newest.values().forEach(this::identify);
    List<String> missing = new ArrayList<>();
    seen.forEach((cluster, ids) -> missing.addAll(markMissing(cluster, vaultName, ids)));
    Map<String, String> taken = takeOwnership(vault, clusterIds);
    return new Rebuilt(
        clusterIds.size(),
        backups,
        deleted,
        added,
        missing,
        taken,
        leftovers(config, newest.keySet(), taken),
        damaged);
  }

  private void requireIdle(String cluster) {
    ledger
        .find(Rows.cluster(cluster), Rows.ENGINE, EngineRow.class)
        .ifPresent(
            held -> {
              throw BackupScheduler.busy(cluster, held.value());
            });
  }

  private static Optional<Manifest.Header> header(
      Vault vault, Vault.Listed listed, List<String> damaged) {
    try {
      return vault.manifest(listed.clusterId(), listed.backupId()).map(Manifest::header);
    } catch (PermanentFailure e) {
      damaged.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private boolean record(String vaultName, Manifest.Header header, boolean buried) {
    ledger.noteCluster(header.cluster());
    String partition = Rows.cluster(header.cluster());
    BackupRow row = BackupRow.of(vaultName, header);
    if (buried) {
      row = row.with(BackupRow.State.DELETED);
    }
    Optional<Held<BackupRow>> known =
        ledger.find(partition, Rows.backup(vaultName, header.backup()), BackupRow.class);
    if (known.isEmpty()) {
      return ledger.commit(
          Commit.in(partition)
              .create(Rows.backup(vaultName, header.backup()), RowCodec.write(row)));
    }
    if (known.get().value().state() == BackupRow.State.MISSING) {
      ledger.commit(Commit.in(partition).replace(known.get().row(), RowCodec.write(row)));
    }
    return false;
  }

  private void identify(Manifest.Header newest) {
    String partition = Rows.cluster(newest.cluster());
    if (ledger.find(partition, Rows.IDENTITY, IdentityRow.class).isEmpty()) {
      ledger.commit(
          Commit.in(partition)
              .create(
                  Rows.IDENTITY,
                  RowCodec.write(new IdentityRow(1, newest.clusterId(), newest.fingerprint()))));
    }
  }

  private List<String> markMissing(String cluster, String vaultName, Set<String> present) {
    List<String> missing = new ArrayList<>();
    String partition = Rows.cluster(cluster);
    for (Held<BackupRow> held : ledger.all(partition, Rows.backups(vaultName), BackupRow.class)) {
      BackupRow row = held.value();
      if (row.state() == BackupRow.State.SEALED && !present.contains(row.backupId())) {
        missing.add(row.backupId());
        ledger.commit(
            Commit.in(partition)
                .replace(held.row(), RowCodec.write(row.with(BackupRow.State.MISSING))));
      }
    }
    return missing;
  }

  private Map<String, String> takeOwnership(Vault vault, Set<String> clusterIds) {
    Map<String, String> taken = new TreeMap<>();
    Instant now = platform.clock().instant();
    for (String clusterId : clusterIds) {
      Owner before = vault.owner(clusterId).orElse(null);
      if (before == null || !before.deployment().equals(platform.deployment())) {
        vault.own(clusterId, before, platform.deployment(), now);
        taken.put(clusterId, before == null ? "" : before.deployment());
      }
    }
    return taken;
  }

  private List<String> leftovers(String config, Set<String> clusters, Map<String, String> taken) {
    List<String> leftovers = new ArrayList<>();
    Set<String> deployments = new HashSet<>(taken.values());
    deployments.add(platform.deployment());
    deployments.remove("");
    for (String cluster : platform.site().clusters(config)) {
      if (clusters.contains(cluster)) {
        for (String deployment : deployments) {
          leftovers.addAll(leftoversOf(config, cluster, deployment));
        }
      }
    }
    return leftovers;
  }

  private List<String> leftoversOf(String config, String cluster, String deployment) {
    try {
      return platform.site().engine(config, cluster).catalog().leftovers(deployment).stream()
          .map(name -> cluster + ": " + name)
          .toList();
    } catch (TransientFailure e) {
      return List.of(cluster + ": cannot be looked at: " + e.getMessage());
    }
  }
}
