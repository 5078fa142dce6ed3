package dev.tidemark.local;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;
import static dev.tidemark.core.failure.PermanentFailure.Kind.NOT_FOUND;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.flow.BackupView;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.local.app.BackupName;
import dev.tidemark.local.app.VaultPlace;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds backups by what people call them: in the table, and where that knows nothing of a vault, in
 * the vault itself.
 */
final class BackupFinder {
  private final Configuration configuration;
  private final LocalSite site;
  private final Register register;

  BackupFinder(Configuration configuration, LocalSite site, Register register) {
    this.configuration = configuration;
    this.site = site;
    this.register = register;
  }

  /**
   * A backup that was found.
   *
   * @param vault its name on this host
   * @param row what the table knows; null where that is nothing
   */
  record Found(
      String cluster, String clusterId, String vault, String backupId, @Nullable BackupView row) {}

  /** The vaults that are meant: the one that is named, or all of the configuration. */
  Set<String> vaults(@Nullable VaultPlace place) {
    if (place == null) {
      return new TreeSet<>(configuration.vaults().keySet());
    }
    return Set.of(name(place));
  }

  String name(VaultPlace place) {
    if (place instanceof VaultPlace.Folder folder) {
      return configuration.vaults().values().stream()
          .filter(
              vault ->
                  site.location(site.newest(), vault.name())
                      .equals(new VaultLocation.Folder(folder.path())))
          .map(vault -> vault.name())
          .findFirst()
          .orElseGet(() -> LocalSite.nameOf(folder.path()));
    }
    return configuration.vault(((VaultPlace.Named) place).name()).name();
  }

  /** All backups in these vaults, of one cluster or of all, that are known by table or vault. */
  List<Found> all(@Nullable String cluster, @Nullable VaultPlace place) {
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
        for (BackupView row : register.backups(name)) {
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
  Found one(BackupName name) {
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
                      .map(each -> each.cluster() + " in " + place(each.vault()))
                      .toList()))
          .hint("say which with --cluster or --vault");
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
    Vault vault = reachable(vaultName);
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

  /**
   * A vault, for a request that can do nothing without it.
   *
   * @throws PermanentFailure NOT_FOUND where it is not there just now, or is none
   */
  Vault reachable(String vault) {
    try {
      return site.vault(site.newest(), vault);
    } catch (TransientFailure e) {
      boolean there =
          !(site.location(site.newest(), vault) instanceof VaultLocation.Folder folder)
              || Files.isDirectory(folder.path());
      throw PermanentFailure.of(NOT_FOUND, "vault at " + place(vault))
          .expected("a vault that can be read")
          .found(there ? String.valueOf(e.getMessage()) : "no such folder")
          .hint(
              there
                  ? "try again"
                  : "mount its disk, correct its path, or make it: `tidemark vault create`")
          .cause(e);
    }
  }

  /** The same, for a request that writes into it. */
  void requireWritable(String vault) {
    reachable(vault);
    if (site.location(site.newest(), vault) instanceof VaultLocation.Folder folder
        && !Files.isWritable(folder.path())) {
      throw PermanentFailure.of(INVALID, "vault at " + place(vault))
          .expected("a folder to write into")
          .found("one that this user may only read")
          .hint("correct its owner or its mode, or how it is mounted");
    }
  }

  /** A cluster id is the name, a dash and 8 more. */
  static String clusterName(String clusterId) {
    return clusterId.substring(0, clusterId.length() - 9);
  }

  /** Where a vault is, in words for a person. */
  String place(String vault) {
    return site.location(site.newest(), vault).words();
  }

  private List<String> places(Set<String> vaults) {
    return vaults.stream().map(this::place).toList();
  }

  /**
   * The manifest of a sealed backup.
   *
   * @throws PermanentFailure CONFLICT where it is not sealed, NOT_FOUND, DAMAGED
   */
  Manifest manifest(Found found) {
    BackupView row = found.row();
    if (row != null && !row.state().equals("SEALED")) {
      throw PermanentFailure.of(CONFLICT, "backup " + found.backupId() + " of " + found.cluster())
          .expected("a sealed backup")
          .found("it is " + row.state())
          .hint("`tidemark backup list` shows the state of each");
    }
    Vault vault = reachable(found.vault());
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
                    .expected("its manifest in " + place(found.vault()))
                    .found("none")
                    .hint("it was deleted by hand, or this is another vault"));
  }
}
