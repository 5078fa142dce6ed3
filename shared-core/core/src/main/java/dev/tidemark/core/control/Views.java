package dev.tidemark.core.control;

import dev.tidemark.core.contents.BackupContents;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.flow.RestorePreview;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.CoverageText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Note;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.core.vault.Vault;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the flow and the vault know, in the words of the application. */
final class Views {
  private final Register register;
  private final BackupFinder finder;
  private final VaultPlaces places;

  Views(Register register, BackupFinder finder, VaultPlaces places) {
    this.register = register;
    this.finder = finder;
    this.places = places;
  }

  RunView run(dev.tidemark.core.flow.RunView run) {
    Optional<dev.tidemark.core.flow.BackupView> made =
        run.kind().equals("backup")
            ? register.backup(run.cluster(), run.vault(), run.backupId())
            : Optional.empty();
    return new RunView(
        run.id(),
        RunView.Kind.valueOf(run.kind().toUpperCase(Locale.ROOT)),
        Status.of(run.status()),
        run.cluster(),
        run.backupId(),
        run.vault(),
        places.words(run.vault()),
        run.started(),
        run.ended(),
        Math.max(0, run.units()),
        run.done(),
        made.map(dev.tidemark.core.flow.BackupView::files).orElse(run.files()),
        made.map(dev.tidemark.core.flow.BackupView::bytes).orElse(run.bytes()),
        made.map(dev.tidemark.core.flow.BackupView::stored).orElse(0L),
        run.error(),
        run.resumableUntil(),
        run.report());
  }

  BackupView backup(BackupFinder.Found found) {
    dev.tidemark.core.flow.BackupView row = found.row();
    if (row != null && !row.state().equals("SEALED")) {
      return unsealed(row);
    }
    return row == null ? sealed(found, finder.manifest(found).header()) : sealed(row);
  }

  private BackupView sealed(dev.tidemark.core.flow.BackupView row) {
    return new BackupView(
        row.backupId(),
        row.cluster(),
        row.clusterId(),
        row.engine(),
        row.run(),
        row.vault(),
        places.words(row.vault()),
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

  private BackupView sealed(BackupFinder.Found found, Manifest.Header header) {
    return new BackupView(
        header.backup(),
        header.cluster(),
        header.clusterId(),
        header.engine(),
        "",
        found.vault(),
        places.words(found.vault()),
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

  private BackupView unsealed(dev.tidemark.core.flow.BackupView row) {
    Optional<dev.tidemark.core.flow.RunView> run = register.run(row.run());
    Status status =
        run.map(r -> Status.of(r.status()))
            .orElse(row.state().equals("CANCELED") ? Status.CANCELED : Status.FAILED);
    String error =
        switch (row.state()) {
          case "MISSING" -> "the vault does not have it any more";
          case "DELETING", "DELETED" -> "deleted";
          default -> run.map(dev.tidemark.core.flow.RunView::error).orElse("");
        };
    return new BackupView(
        row.backupId(),
        row.cluster(),
        row.clusterId(),
        row.engine(),
        row.run(),
        row.vault(),
        places.words(row.vault()),
        row.state().equals("MISSING") || row.state().startsWith("DELET") ? Status.FAILED : status,
        row.started(),
        run.map(dev.tidemark.core.flow.RunView::ended).orElse(null),
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
    BackupView backup = backup(found);
    if (backup.status() != Status.SUCCESS) {
      return BackupDetails.unsealed(backup);
    }
    Manifest manifest = finder.manifest(found);
    Manifest.Header header = manifest.header();
    Vault vault = places.reachable(found.vault());
    Map<String, String> missing = new TreeMap<>();
    Map<String, String> included = new TreeMap<>();
    manifest.body().index().stream()
        .filter(ref -> ref.name().endsWith(".coverage"))
        .map(ref -> vault.coverage(header.clusterId(), ref))
        .forEach(
            coverage -> {
              coverage.included().forEach(each -> included.put(each.name(), each.what()));
              add(coverage, vault, manifest, missing);
            });
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
        included,
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
        places.words(found.vault()),
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
}
