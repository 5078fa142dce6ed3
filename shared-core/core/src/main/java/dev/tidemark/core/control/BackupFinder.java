package dev.tidemark.core.control;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;
import static dev.tidemark.core.failure.PermanentFailure.Kind.NOT_FOUND;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds backups by what people call them: in the table, and where that knows nothing of a vault, in
 * the vault itself.
 */
public final class BackupFinder {
  private final Configuration configuration;
  private final VaultPlaces places;
  private final Register register;

  BackupFinder(Configuration configuration, VaultPlaces places, Register register) {
    this.configuration = configuration;
    this.places = places;
    this.register = register;
  }

  /**
   * A backup that was found.
   *
   * @param vault its name on this host
   * @param row what the table knows; null where that is nothing
   */
  public record Found(
      String cluster,
      String clusterId,
      String vault,
      String backupId,
      dev.tidemark.core.flow.@Nullable BackupView row) {}

  /** The vaults that are meant: the one that is named, or all of the configuration. */
  Set<String> vaults(@Nullable VaultPlace place) {
    if (place == null) {
      return new TreeSet<>(configuration.vaults().keySet());
    }
    return Set.of(places.name(place));
  }

  /** All backups in these vaults, of one cluster or of all, that are known by table or vault. */
  public List<Found> all(@Nullable String cluster, @Nullable VaultPlace place) {
    if (cluster != null && place == null) {
      configuration.cluster(cluster);
    }
    List<Found> all = new ArrayList<>(inTable(cluster, place));
    Set<String> unknown = new TreeSet<>(vaults(place));
    all.forEach(found -> unknown.remove(found.vault()));
    if (place != null || cluster == null) {
      all.addAll(inVaults(unknown, cluster, all.isEmpty()));
    }
    return all;
  }

  private List<Found> inTable(@Nullable String cluster, @Nullable VaultPlace place) {
    Set<String> vaults = vaults(place);
    List<Found> all = new ArrayList<>();
    for (String name : register.clusters()) {
      if (cluster == null || cluster.equals(name)) {
        for (dev.tidemark.core.flow.BackupView row : register.backups(name)) {
          if (vaults.contains(row.vault())) {
            all.add(new Found(name, row.clusterId(), row.vault(), row.backupId(), row));
          }
        }
      }
    }
    return all;
  }

  /**
   * What vaults have that the table knows nothing of. One that is configured and not made yet, or
   * not mounted, does not hide what the others have; only where there is nothing else it is told.
   */
  private List<Found> inVaults(Set<String> vaults, @Nullable String cluster, boolean alone) {
    List<Found> all = new ArrayList<>();
    PermanentFailure unreachable = null;
    for (String vault : vaults) {
      try {
        all.addAll(inVault(vault, cluster));
      } catch (PermanentFailure e) {
        if (e.kind() != NOT_FOUND) {
          throw e;
        }
        unreachable = e;
      }
    }
    if (unreachable != null && alone && all.isEmpty()) {
      throw unreachable;
    }
    return all;
  }

  /**
   * The one backup of this name.
   *
   * @throws PermanentFailure NOT_FOUND; CONFLICT where several have it
   */
  public Found one(BackupName name) {
    if (!VaultKeys.isBackupId(name.id())) {
      throw PermanentFailure.of(INVALID, "backup id '" + name.id() + "'")
          .expected("1 to 128 characters of a-z 0-9 _ -")
          .found("other characters");
    }
    List<Found> matching =
        inTable(name.cluster(), name.vault()).stream()
            .filter(found -> found.backupId().equals(name.id()))
            .toList();
    if (matching.isEmpty()) {
      matching = searchVaults(name);
    }
    if (matching.isEmpty()) {
      throw PermanentFailure.of(NOT_FOUND, "backup '" + name.id() + "'")
          .expected("a backup in " + String.join(", ", places(vaults(name.vault()))))
          .found("none of that id")
          .hint("`tidemark backup list` shows what there is");
    }
    if (matching.size() > 1) {
      throw PermanentFailure.of(CONFLICT, "backup '" + name.id() + "'")
          .expected("one backup of that id")
          .found(
              String.join(
                  ", ",
                  matching.stream()
                      .map(each -> each.cluster() + " in " + places.words(each.vault()))
                      .toList()))
          .hint("name its cluster or its vault");
    }
    return matching.get(0);
  }

  /** A backup that a vault has, though the table knows it not. */
  private List<Found> searchVaults(BackupName name) {
    if (name.cluster() != null && name.vault() == null) {
      configuration.cluster(name.cluster());
    }
    return inVaults(vaults(name.vault()), name.cluster(), true).stream()
        .filter(each -> each.backupId().equals(name.id()))
        .toList();
  }

  private List<Found> inVault(String vaultName, @Nullable String cluster) {
    Vault vault = places.reachable(vaultName);
    List<Found> found = new ArrayList<>();
    List<Vault.Listed> page = vault.manifests("", null);
    while (!page.isEmpty()) {
      for (Vault.Listed listed : page) {
        String name = clusterName(listed.clusterId());
        if ((cluster == null || cluster.equals(name))
            && !vault.isDeleted(listed.clusterId(), listed.backupId())) {
          found.add(new Found(name, listed.clusterId(), vaultName, listed.backupId(), null));
        }
      }
      page = vault.manifests("", page.get(page.size() - 1));
    }
    return found;
  }

  /** A cluster id is the name, a dash and 8 more. */
  public static String clusterName(String clusterId) {
    return clusterId.substring(0, clusterId.length() - 9);
  }

  private List<String> places(Set<String> vaults) {
    return vaults.stream().map(places::words).toList();
  }

  /**
   * By what the table knows.
   *
   * @throws PermanentFailure CONFLICT where it is not sealed
   */
  static void requireSealed(Found found) {
    dev.tidemark.core.flow.BackupView row = found.row();
    if (row != null && !row.state().equals("SEALED")) {
      throw PermanentFailure.of(CONFLICT, "backup " + found.backupId() + " of " + found.cluster())
          .expected("a sealed backup")
          .found("it is " + row.state())
          .hint("`tidemark backup list` shows the state of each");
    }
  }

  /**
   * The manifest of a sealed backup.
   *
   * @throws PermanentFailure CONFLICT where it is not sealed, NOT_FOUND, DAMAGED
   */
  public Manifest manifest(Found found) {
    requireSealed(found);
    Vault vault = places.reachable(found.vault());
    if (vault.isDeleted(found.clusterId(), found.backupId())) {
      throw PermanentFailure.of(CONFLICT, "backup " + found.backupId() + " of " + found.cluster())
          .expected("a sealed backup")
          .found("it was deleted: the vault has its tombstone");
    }
    return vault
        .manifest(found.clusterId(), found.backupId())
        .orElseThrow(
            () ->
                PermanentFailure.of(
                        NOT_FOUND, "backup " + found.backupId() + " of " + found.cluster())
                    .expected("its manifest in " + places.words(found.vault()))
                    .found("none")
                    .hint("it was deleted by hand, or this is another vault"));
  }
}
