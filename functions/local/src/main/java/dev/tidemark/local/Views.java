package dev.tidemark.local;

import dev.tidemark.core.contents.BackupContents;
import dev.tidemark.core.flow.BackupView;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.flow.RestorePreview;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.CoverageText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Note;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.local.app.BackupDetails;
import dev.tidemark.local.app.RestorePlan;
import dev.tidemark.local.app.Status;
import dev.tidemark.local.app.VaultStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the flow and the vault know, in the words of the application. */
final class Views {
  private final Register register;
  private final BackupFinder finder;
  private final LocalSite site;

  Views(Register register, BackupFinder finder, LocalSite site) {
    this.register = register;
    this.finder = finder;
    this.site = site;
  }

  static Status status(dev.tidemark.core.flow.Status status) {
    return Status.valueOf(status.name());
  }

  dev.tidemark.local.app.RunView run(RunView run) {
    Optional<BackupView> made =
        run.kind().equals("backup")
            ? register.backup(run.cluster(), run.vault(), run.backupId())
            : Optional.empty();
    return new dev.tidemark.local.app.RunView(
        run.id(),
        run.kind().equals("backup")
            ? dev.tidemark.local.app.RunView.Kind.BACKUP
            : dev.tidemark.local.app.RunView.Kind.RESTORE,
        status(run.status()),
        run.cluster(),
        run.backupId(),
        run.vault(),
        finder.place(run.vault()),
        run.started(),
        run.ended(),
        Math.max(0, run.units()),
        run.done(),
        made.map(BackupView::files).orElse(run.files()),
        made.map(BackupView::bytes).orElse(run.bytes()),
        made.map(BackupView::stored).orElse(0L),
        run.error(),
        run.resumableUntil());
  }

  dev.tidemark.local.app.BackupView backup(BackupFinder.Found found) {
    BackupView row = found.row();
    if (row != null && !row.state().equals("SEALED")) {
      return unsealed(row);
    }
    return row == null ? sealed(found, finder.manifest(found).header()) : sealed(row);
  }

  private dev.tidemark.local.app.BackupView sealed(BackupView row) {
    return new dev.tidemark.local.app.BackupView(
        row.backupId(),
        row.cluster(),
        row.clusterId(),
        row.engine(),
        row.run(),
        row.vault(),
        finder.place(row.vault()),
        Status.SUCCESS,
        row.started(),
        row.sealed(),
        row.units(),
        row.files(),
        row.bytes(),
        row.stored(),
        row.base(),
        row.policy(),
        row.labels(),
        row.missing(),
        problem(row.suspect(), row.unreachable()));
  }

  private dev.tidemark.local.app.BackupView sealed(
      BackupFinder.Found found, Manifest.Header header) {
    return new dev.tidemark.local.app.BackupView(
        header.backup(),
        header.cluster(),
        header.clusterId(),
        header.engine(),
        "",
        found.vault(),
        finder.place(found.vault()),
        Status.SUCCESS,
        header.started(),
        header.sealed(),
        header.units(),
        header.files(),
        header.bytes(),
        header.stored(),
        header.base(),
        header.policy(),
        header.labels(),
        missing(header),
        problem(false, header.unreachable()));
  }

  private static String problem(boolean suspect, long unreachable) {
    if (suspect) {
      return "suspect: a later backup found other bytes than it should hold";
    }
    return unreachable == 0 ? "" : "partial: " + unreachable + " nodes did not answer";
  }

  private static long missing(Manifest.Header header) {
    return header.missing() + header.notes().values().stream().mapToLong(n -> n).sum();
  }

  private dev.tidemark.local.app.BackupView unsealed(BackupView row) {
    Optional<RunView> run = register.run(row.run());
    Status status =
        run.map(r -> status(r.status()))
            .orElse(row.state().equals("CANCELED") ? Status.CANCELED : Status.FAILED);
    String error =
        switch (row.state()) {
          case "MISSING" -> "the vault does not have it any more";
          case "DELETING", "DELETED" -> "deleted";
          default -> run.map(RunView::error).orElse("");
        };
    return new dev.tidemark.local.app.BackupView(
        row.backupId(),
        row.cluster(),
        row.clusterId(),
        row.engine(),
        row.run(),
        row.vault(),
        finder.place(row.vault()),
        row.state().equals("MISSING") || row.state().startsWith("DELET") ? Status.FAILED : status,
        row.started(),
        run.map(RunView::ended).orElse(null),
        run.map(r -> Math.max(0, r.units())).orElse(0L),
        row.files(),
        row.bytes(),
        row.stored(),
        row.base(),
        row.policy(),
        row.labels(),
        0,
        error);
  }

  BackupDetails details(BackupFinder.Found found) {
    dev.tidemark.local.app.BackupView backup = backup(found);
    if (backup.status() != Status.SUCCESS) {
      return new BackupDetails(
          backup, "", "", "", "", List.of(), List.of(), List.of(), List.of(), 0, Map.of(), Map.of(),
          "", 0, "", "", "", "", List.of());
    }
    Manifest manifest = finder.manifest(found);
    Manifest.Header header = manifest.header();
    Vault vault = site.vault(site.newest(), found.vault());
    Map<String, String> missing = new TreeMap<>();
    manifest.body().index().stream()
        .filter(ref -> ref.name().endsWith(".coverage"))
        .map(ref -> vault.coverage(header.clusterId(), ref))
        .forEach(coverage -> add(coverage, vault, manifest, missing));
    return new BackupDetails(
        backup,
        header.engineVersion(),
        header.fingerprint(),
        header.consistency(),
        header.scope(),
        manifest.body().nodes(),
        manifest.body().collections(),
        manifest.body().include(),
        manifest.body().exclude(),
        header.entries(),
        header.notes(),
        missing,
        header.compression(),
        header.chunk(),
        header.encryption(),
        header.config(),
        header.tidemark(),
        header.root(),
        vault.notes(header.clusterId(), header.backup()).stream().map(Views::words).toList());
  }

  /** What is not included, and what is not as it should be, by {@code collection/shard/path}. */
  private static void add(
      CoverageText.Coverage coverage, Vault vault, Manifest manifest, Map<String, String> missing) {
    coverage.missing().forEach(each -> missing.put(each.name(), each.why()));
    if (coverage.notes().isEmpty()) {
      return;
    }
    Map<String, UnitShards> units = new HashMap<>();
    new BackupContents(vault).units(manifest, unit -> units.put(unit.unit(), UnitShards.of(unit)));
    for (CoverageText.UnitNote each : coverage.notes()) {
      missing.put(
          place(units.get(each.unit()), each), each.note().kind() + ": " + each.note().detail());
    }
  }

  private static String place(@Nullable UnitShards shards, CoverageText.UnitNote note) {
    EntryPath path = note.note().path();
    return Optional.ofNullable(shards)
        .flatMap(unit -> unit.locate(path))
        .map(at -> at.shard().canonicalName() + "/" + at.path())
        .orElse(note.unit() + "/" + path);
  }

  private static String words(Note note) {
    return note.kind() + " " + note.time() + ": " + note.text();
  }

  RestorePlan plan(RestorePreview preview, BackupFinder.Found found) {
    return new RestorePlan(
        preview.backupId(),
        preview.cluster(),
        found.vault(),
        finder.place(found.vault()),
        preview.units().stream().mapToLong(RestorePreview.Line::files).sum(),
        preview.bytes(),
        preview.units().stream().map(Views::mapping).toList(),
        preview.volumes().stream()
            .map(
                volume ->
                    new RestorePlan.Volume(
                        volume.name(),
                        volume.needed(),
                        volume.free() < 0 ? OptionalLong.empty() : OptionalLong.of(volume.free())))
            .toList(),
        preview.conflicts());
  }

  private static RestorePlan.Mapping mapping(RestorePreview.Line line) {
    return new RestorePlan.Mapping(
        line.name(),
        line.shard().isEmpty() ? line.collection() : line.collection() + "/" + line.shard(),
        line.location(),
        line.files(),
        line.bytes(),
        line.existing());
  }

  VaultStats stats(String name, Vault vault) {
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
    return new VaultStats(
        name, finder.place(name), vault.id(), List.copyOf(objects.values()), clusters);
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
