package dev.tidemark.core.flow;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;
import static dev.tidemark.core.failure.PermanentFailure.Kind.NOT_FOUND;

import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a wish for a restore into a run, or into a preview. All that can be known to fail is found
 * before anything is changed: the backup, the selection, the names, what exists, the room.
 */
final class RestoreScheduler {
  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final Watchdog watchdog;

  RestoreScheduler(Platform platform, Ledger ledger, Archives archives, Watchdog watchdog) {
    this.archives = archives;
    this.platform = platform;
    this.ledger = ledger;
    this.watchdog = watchdog;
  }

  /** A backup that was found, and the names by which it was. */
  private record Found(
      String config, String source, String vaultName, Archive archive, Manifest manifest) {}

  RestorePreview preview(RestoreRequest request) {
    return preview(request, find(request));
  }

  Accepted create(RestoreRequest request) {
    Optional<Accepted> before = sameRequest(request);
    if (before.isPresent()) {
      return before.get();
    }
    Found found = find(request);
    RestorePreview preview = preview(request, found);
    if (!preview.conflicts().isEmpty()) {
      throw PermanentFailure.of(CONFLICT, "restore of backup " + request.backupId())
          .expected("free places and enough room")
          .found(String.join("; ", preview.conflicts()))
          .hint(hint(preview));
    }
    Instant now = platform.clock().instant();
    String partition = Rows.cluster(request.cluster());
    ledger
        .find(partition, Rows.ENGINE, EngineRow.class)
        .ifPresent(
            holder -> {
              throw BackupScheduler.busy(request.cluster(), holder.value());
            });
    Manifest.Header header = found.manifest().header();
    RunRow run =
        new RunRow(
            1,
            RunRow.Kind.RESTORE,
            Status.STARTED,
            request.cluster(),
            found.source(),
            header.clusterId(),
            platform.ids().text(12),
            found.vaultName(),
            request.backupId(),
            found.config(),
            now.toEpochMilli(),
            now.toEpochMilli(),
            0,
            false,
            false,
            0,
            -1,
            false,
            null,
            new RunRow.RestoreFacts(
                request,
                preview.units().stream().mapToLong(RestorePreview.Line::files).sum(),
                preview.bytes()),
            "");
    watchdog.armAhead(run.id());
    ledger.noteCluster(request.cluster());
    Commit commit =
        Commit.in(partition)
            .create(Rows.run(run.writer()), RowCodec.write(run))
            .create(
                Rows.ENGINE,
                RowCodec.write(
                    new EngineRow(1, run.id(), "restore", request.backupId(), now.toEpochMilli())));
    if (!ledger.commit(commit)) {
      return sameRequest(request)
          .orElseThrow(
              () ->
                  BackupScheduler.busy(
                      request.cluster(),
                      ledger
                          .find(partition, Rows.ENGINE, EngineRow.class)
                          .map(Held::value)
                          .orElse(
                              new EngineRow(
                                  1, "that has just ended", "run", "", now.toEpochMilli()))));
    }
    return new Accepted(run.id(), request.backupId(), Status.STARTED, true);
  }

  private static String hint(RestorePreview preview) {
    List<String> hints = new ArrayList<>();
    if (preview.units().stream().anyMatch(line -> !line.existing().isEmpty())) {
      hints.add(
          "restore under other names (--rename, --suffix, --to), or replace what exists (--replace)");
    }
    List<String> full =
        preview.volumes().stream()
            .filter(volume -> volume.free() >= 0 && volume.free() < volume.needed())
            .map(volume -> volume.name())
            .toList();
    if (!full.isEmpty()) {
      hints.add(
          "free or add space on %s, or restore less (--include), or elsewhere (--into, --to)"
              .formatted(String.join(", ", full)));
    }
    hints.add("--plan shows the whole mapping");
    return String.join("; ", hints);
  }

  /** The run in progress that the same request has started. */
  private Optional<Accepted> sameRequest(RestoreRequest request) {
    return ledger
        .find(Rows.cluster(request.cluster()), Rows.ENGINE, EngineRow.class)
        .flatMap(holder -> ledger.run(holder.value().run()))
        .map(Held::value)
        .filter(run -> run.restore() != null && run.restore().request().equals(request))
        .map(run -> new Accepted(run.id(), request.backupId(), run.status(), false));
  }

  private Found find(RestoreRequest request) {
    String config = platform.site().newest();
    platform.site().cluster(config, request.cluster());
    String source = request.source() == null ? request.cluster() : request.source();
    String vaultName =
        request.vault() == null ? platform.site().cluster(config, source).vault() : request.vault();
    String id = request.backupId();
    if (!VaultKeys.isBackupId(id)) {
      throw PermanentFailure.of(INVALID, "backup id '" + id + "'")
          .expected("1 to 128 characters of a-z 0-9 _ -")
          .found("other characters");
    }
    Archive archive = archives.of(config, vaultName);
    Vault vault = archive.vault();
    Optional<BackupRow> row =
        ledger
            .find(Rows.cluster(source), Rows.backup(vaultName, id), BackupRow.class)
            .map(Held::value);
    if (row.isPresent() && row.get().state() != BackupRow.State.SEALED) {
      throw PermanentFailure.of(CONFLICT, "backup " + id + " of " + source)
          .expected("a sealed backup")
          .found("it is " + row.get().state())
          .hint("`backup list` shows those that can be restored");
    }
    String clusterId =
        row.map(BackupRow::clusterId)
            .or(() -> archive.clusterIdOf(source, id))
            .orElseThrow(() -> missing(id, source, vaultName));
    if (vault.isDeleted(clusterId, id)) {
      throw PermanentFailure.of(CONFLICT, "backup " + id + " of " + source)
          .expected("a sealed backup")
          .found("it was deleted: vault " + vaultName + " has its tombstone")
          .hint("`backup list` shows those that can be restored");
    }
    Manifest manifest =
        vault.manifest(clusterId, id).orElseThrow(() -> missing(id, source, vaultName));
    return new Found(config, source, vaultName, archive, manifest);
  }

  private static PermanentFailure missing(String id, String source, String vault) {
    return PermanentFailure.of(NOT_FOUND, "backup " + id + " of " + source)
        .expected("its manifest in vault " + vault)
        .found("none")
        .hint("`backup list` shows those that can be restored");
  }

  private RestorePreview preview(RestoreRequest request, Found found) {
    Manifest manifest = found.manifest();
    Selection selection =
        Selection.of(
            request.include(),
            request.exclude(),
            manifest.body().collections(),
            () -> shardNames(found.archive(), manifest));
    requireRenames(request, selection, manifest.body().collections());
    RestoreMapping mapping = RestoreMapping.of(request);
    Target target = platform.site().engine(found.config(), request.cluster()).target();
    var draft = new RestoreDraft(request, found.archive().vault(), manifest, target);
    for (Manifest.IndexRef lane : Archive.lanes(manifest)) {
      found
          .archive()
          .records(
              manifest.header().clusterId(), lane, record -> draft.add(record, selection, mapping));
    }
    return draft.finish(found.archive().schema(manifest));
  }

  private static List<String> shardNames(Archive archive, Manifest manifest) {
    List<String> names = new ArrayList<>();
    for (Manifest.IndexRef lane : Archive.lanes(manifest)) {
      archive.records(
          manifest.header().clusterId(),
          lane,
          record -> record.shards().forEach(shard -> names.add(shard.canonicalName())));
    }
    return names;
  }

  private static void requireRenames(
      RestoreRequest request, Selection selection, List<String> collections) {
    for (Map.Entry<String, String> rename : request.rename().entrySet()) {
      List<String> matching =
          collections.stream()
              .filter(selection::touches)
              .filter(name -> Selection.matches(rename.getKey(), name))
              .toList();
      if (matching.isEmpty()) {
        throw PermanentFailure.of(NOT_FOUND, "rename '" + rename.getKey() + "'")
            .expected("a pattern that matches a collection that is restored")
            .found("no match among " + Selection.some(collections))
            .hint("correct the pattern");
      }
      if (rename.getValue().isBlank()) {
        throw PermanentFailure.of(INVALID, "rename '" + rename.getKey() + "'")
            .expected("a new name")
            .found("nothing");
      }
    }
  }
}
