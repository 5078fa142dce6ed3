package dev.tidemark.local.cli;

import dev.tidemark.core.control.BackupDetails;
import dev.tidemark.core.control.BackupView;
import dev.tidemark.core.control.RestorePlan;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.verify.Report;
import dev.tidemark.local.app.VaultStats;
import dev.tidemark.local.app.VerifyReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of answers. Part of what users build on: a field is added, never renamed or removed; one
 * without a value is there as null.
 */
final class JsonViews {
  private JsonViews() {}

  static void run(Json json, RunView run) {
    json.field("run", run.run());
    json.field("kind", run.kind().name());
    json.field("id", run.id());
    json.field("status", run.status().name());
    json.field("cluster", run.cluster());
    json.field("vault", run.vault());
    json.field("path", run.path());
    json.field("startedAt", run.startedAt());
    json.field("completedAt", run.completedAt());
    json.field("units", run.units());
    json.field("unitsDone", run.unitsDone());
    json.field("files", run.files());
    json.field("bytes", run.bytes());
    json.field("stored", run.stored());
    json.field("error", emptyAsNull(run.error()));
    json.field("resumableUntil", run.resumableUntil());
    Report report = run.report();
    if (report == null) {
      json.nothing("verification");
    } else {
      json.object("verification", () -> report(json, report));
    }
  }

  private static void report(Json json, Report report) {
    json.field("level", report.level());
    json.field("objects", report.objects());
    json.field("files", report.files());
    json.field("bytesRead", report.bytesRead());
    json.field("findingCount", report.findingCount());
    json.array(
        "findings",
        () ->
            report
                .findings()
                .forEach(
                    finding ->
                        json.object(
                            () -> {
                              json.field("object", finding.object());
                              json.field("problem", finding.problem());
                              json.texts(
                                  "files",
                                  finding.files().stream()
                                      .map(file -> file.shard() + "/" + file.path())
                                      .toList());
                              json.field("fileCount", finding.fileCount());
                            })));
  }

  static void backup(Json json, BackupView backup) {
    json.field("id", backup.id());
    json.field("status", backup.status().name());
    json.field("cluster", backup.cluster());
    json.field("clusterId", backup.clusterId());
    json.field("engine", backup.engine());
    json.field("run", emptyAsNull(backup.run()));
    json.field("vault", emptyAsNull(backup.vault()));
    json.field("path", backup.path());
    json.field("startedAt", backup.startedAt());
    json.field("completedAt", backup.completedAt());
    json.field("units", backup.units());
    json.field("files", backup.files());
    json.field("bytes", backup.bytes());
    json.field("stored", backup.stored());
    json.field("base", backup.base());
    json.field("policy", backup.policy());
    json.textsByName("labels", backup.labels());
    json.field("missing", backup.missing());
    json.field("error", emptyAsNull(backup.error()));
  }

  static void details(Json json, BackupDetails details) {
    backup(json, details.backup());
    json.field("engineVersion", details.engineVersion());
    json.field("fingerprint", details.fingerprint());
    json.field("consistency", details.consistency());
    json.field("scope", details.scope());
    json.texts("nodes", details.nodes());
    json.texts("collections", details.collections());
    json.texts("include", details.include());
    json.texts("exclude", details.exclude());
    json.field("entries", details.entries());
    json.numbersByName("notes", details.notes());
    json.textsByName("notIncluded", details.notIncluded());
    json.textsByName("alsoIncluded", details.alsoIncluded());
    json.field("compression", details.compression());
    json.field("chunkBytes", details.chunkBytes());
    json.field("encryption", details.encryption());
    json.field("configuration", details.configuration());
    json.field("tidemark", details.tidemark());
    json.field("root", details.root());
    json.texts("marks", details.marks());
  }

  static void entry(Json json, String name, @Nullable Entry entry) {
    if (entry == null) {
      json.nothing(name);
    } else {
      json.object(name, () -> attributes(json, entry));
    }
  }

  /** An entry's own fields, without its path. */
  static void attributes(Json json, Entry entry) {
    var meta = entry.meta();
    json.field("type", meta.type().word());
    json.field("size", meta.size());
    json.field("mode", Integer.toOctalString(meta.mode()));
    json.field("uid", meta.uid());
    json.field("gid", meta.gid());
    json.field(
        "modified", Instant.ofEpochSecond(meta.mtimeSeconds(), meta.mtimeNanos()).toString());
    json.field("target", meta.target());
    json.field("changed", entry.changed());
    json.field("digest", entry.digest() == null ? null : entry.digest().toString());
  }

  static void plan(Json json, RestorePlan plan) {
    json.field("id", plan.id());
    json.field("cluster", plan.cluster());
    json.field("vault", emptyAsNull(plan.vault()));
    json.field("path", plan.path());
    json.field("files", plan.files());
    json.field("bytes", plan.bytes());
    json.array(
        "mappings",
        () ->
            plan.mappings()
                .forEach(
                    mapping ->
                        json.object(
                            () -> {
                              json.field("from", mapping.from());
                              json.field("to", mapping.to());
                              json.field("location", mapping.location());
                              json.field("files", mapping.files());
                              json.field("bytes", mapping.bytes());
                              json.field("conflict", emptyAsNull(mapping.conflict()));
                            })));
    json.array(
        "volumes",
        () ->
            plan.volumes()
                .forEach(
                    volume ->
                        json.object(
                            () -> {
                              json.field("volume", volume.volume());
                              json.field("needed", volume.needed());
                              if (volume.free().isPresent()) {
                                json.field("free", volume.free().getAsLong());
                              } else {
                                json.nothing("free");
                              }
                            })));
    json.texts("problems", plan.problems());
  }

  static void verification(Json json, VerifyReport report) {
    json.field("backups", report.backups());
    json.field("objects", report.objects());
    json.field("files", report.files());
    json.field("bytes", report.bytes());
    json.array(
        "findings",
        () ->
            report
                .findings()
                .forEach(
                    finding ->
                        json.object(
                            () -> {
                              json.field("object", finding.object());
                              json.field("problem", finding.problem());
                              json.field("vault", finding.vault());
                              json.field("cluster", finding.cluster());
                              json.field("backup", finding.backup());
                              json.texts("files", finding.files());
                              json.field("filesTotal", finding.filesTotal());
                            })));
  }

  static void stats(Json json, VaultStats stats) {
    json.field("name", emptyAsNull(stats.name()));
    json.field("path", stats.path());
    json.field("id", stats.id());
    json.array(
        "kinds",
        () ->
            stats
                .kinds()
                .forEach(
                    kind ->
                        json.object(
                            () -> {
                              json.field("kind", kind.kind());
                              json.field("objects", kind.objects());
                              json.field("bytes", kind.bytes());
                            })));
    json.array(
        "clusters",
        () ->
            stats
                .clusters()
                .forEach(
                    cluster ->
                        json.object(
                            () -> {
                              json.field("cluster", cluster.cluster());
                              json.field("clusterId", cluster.clusterId());
                              json.field("backups", cluster.backups());
                              json.field("oldest", cluster.oldest());
                              json.field("newest", cluster.newest());
                              json.field("content", cluster.content());
                              json.field("stored", cluster.stored());
                            })));
  }

  static void failure(Json json, String message, int exitCode, Throwable failure) {
    json.object(
        "error",
        () -> {
          json.field("exitCode", exitCode);
          json.field("message", message);
          if (failure instanceof PermanentFailure permanent) {
            json.field("kind", permanent.kind().name());
            json.field("subject", permanent.subject());
            json.field("expected", emptyAsNull(permanent.expected()));
            json.field("found", emptyAsNull(permanent.found()));
            json.field("hint", emptyAsNull(permanent.hint()));
          }
        });
  }

  static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
