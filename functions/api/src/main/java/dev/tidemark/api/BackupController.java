package dev.tidemark.api;

import dev.tidemark.api.json.Backup;
import dev.tidemark.api.json.BackupConfig;
import dev.tidemark.api.json.Backups;
import dev.tidemark.api.json.Contents;
import dev.tidemark.api.json.ContentsEntry;
import dev.tidemark.api.json.Cursor;
import dev.tidemark.api.json.NewBackup;
import dev.tidemark.api.json.NewVerification;
import dev.tidemark.api.json.Patterns;
import dev.tidemark.api.json.Run;
import dev.tidemark.api.json.StartedBackup;
import dev.tidemark.core.control.BackupDetails;
import dev.tidemark.core.control.BackupFilter;
import dev.tidemark.core.control.BackupView;
import dev.tidemark.core.control.ConfiguredVault;
import dev.tidemark.core.control.ContentsPage;
import dev.tidemark.core.control.ContentsPage.Position;
import dev.tidemark.core.control.ContentsRequest;
import dev.tidemark.core.control.Control;
import dev.tidemark.core.control.CreateBackup;
import dev.tidemark.core.control.RunView;
import io.micronaut.core.convert.format.Format;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Backups: made, looked at, canceled, resumed, verified. */
@Controller("/v1")
@Tag(name = "backups")
@Answers
final class BackupController {
  private static final int ALL = 100_000;

  private final Control control;

  BackupController(Host host) {
    this.control = host.control();
  }

  /**
   * Starts a backup. With an id, the same request again is answered with the run that it has; an id
   * that is in use otherwise is refused, and so is a cluster that another run is active on.
   *
   * @param cluster the name of a configured cluster
   * @return the backup as it was started
   */
  @Post("/clusters/{cluster}/backups")
  StartedBackup createBackup(
      @Schema(pattern = Patterns.NAME) String cluster,
      @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(implementation = NewBackup.class)))
          @Body
          @Nullable String body) {
    NewBackup asked = Json.read(body, NewBackup.class);
    CreateBackup request = Requests.backup(cluster, asked);
    RunView run = control.createBackup(request);
    ConfiguredVault vault =
        control.vaults().stream()
            .filter(each -> each.name().equals(run.vault()))
            .findFirst()
            .orElseThrow();
    return StartedBackup.of(
        run, vault.store(), used(request, vault), notices(asked.config(), request));
  }

  private static BackupConfig used(CreateBackup request, ConfiguredVault vault) {
    var compression = request.compression() == null ? vault.compression() : request.compression();
    Integer chunk =
        request.chunkMebibytes() == null ? vault.chunkMebibytes() : request.chunkMebibytes();
    return new BackupConfig(compression.word(), chunk, null);
  }

  private static List<String> notices(@Nullable BackupConfig asked, CreateBackup request) {
    List<String> notices = new ArrayList<>();
    if (asked != null && asked.chunkSize() != null) {
      Integer used = request.chunkMebibytes();
      if (!asked.chunkSize().equals(used)) {
        notices.add(
            "config.ChunkSize: %d MiB is used as %d MiB".formatted(asked.chunkSize(), used));
      }
    }
    if (asked != null && asked.cpuPercentage() != null) {
      notices.add("config.CPUPercentage: how many threads work is the host's setting");
    }
    return notices;
  }

  /**
   * Lists backups of all clusters, the newest first where nothing else is said.
   *
   * @param cluster only those of this one
   * @param vault only those in this one
   * @param status only those with one of these
   * @param label only those with all of these, each {@code name=value}
   * @param since only those that started then or later, like {@code 2026-11-01T08:30:00Z}
   * @param order of their starts: {@code desc}, which it is where it is absent, or {@code asc}
   * @param after {@code next} of the page before
   * @param limit at most so many; 100 where it is absent
   * @return a page
   */
  @Get("/backups")
  Backups listBackups(
      @QueryValue @Nullable String cluster,
      @QueryValue @Nullable String vault,
      @Format("MULTI") @QueryValue @Nullable List<String> status,
      @Format("MULTI") @QueryValue @Nullable List<String> label,
      @QueryValue @Nullable String since,
      @Schema(
              type = "string",
              allowableValues = {"asc", "desc"})
          @QueryValue
          @Nullable String order,
      @QueryValue @Nullable String after,
      @Schema(minimum = "1", maximum = "1000") @QueryValue @Nullable Integer limit) {
    int atMost = Query.limit(limit);
    List<BackupView> all =
        control.backups(
            new BackupFilter(
                Query.nameIfSet("cluster", cluster),
                Requests.place(vault),
                Query.statuses(status),
                Query.labels(label),
                Query.since(since),
                ALL));
    Pages.Page<BackupView> page =
        Pages.of(
            all,
            BackupView::startedAt,
            each -> each.clusterId() + " " + each.id() + " " + each.vault(),
            Query.order(order),
            after,
            atMost);
    Map<String, String> stores = stores();
    return new Backups(
        page.elements().stream().map(each -> Backup.of(each, stores.get(each.vault()))).toList(),
        page.next());
  }

  /**
   * Lists backups of a cluster, the newest first where nothing else is said.
   *
   * @param cluster the name of a configured cluster
   * @param vault only those in this one
   * @param status only those with one of these
   * @param label only those with all of these, each {@code name=value}
   * @param since only those that started then or later, like {@code 2026-11-01T08:30:00Z}
   * @param order of their starts: {@code desc}, which it is where it is absent, or {@code asc}
   * @param after {@code next} of the page before
   * @param limit at most so many; 100 where it is absent
   * @return a page
   */
  @Get("/clusters/{cluster}/backups")
  Backups listClusterBackups(
      @Schema(pattern = Patterns.NAME) String cluster,
      @QueryValue @Nullable String vault,
      @Format("MULTI") @QueryValue @Nullable List<String> status,
      @Format("MULTI") @QueryValue @Nullable List<String> label,
      @QueryValue @Nullable String since,
      @Schema(
              type = "string",
              allowableValues = {"asc", "desc"})
          @QueryValue
          @Nullable String order,
      @QueryValue @Nullable String after,
      @Schema(minimum = "1", maximum = "1000") @QueryValue @Nullable Integer limit) {
    return listBackups(cluster, vault, status, label, since, order, after, limit);
  }

  /**
   * Shows all that a backup says of itself.
   *
   * @param cluster the cluster's name
   * @param id the backup's id
   * @param vault where it is; needed where several vaults have one of its id
   * @return the backup
   */
  @Get("/clusters/{cluster}/backups/{id}")
  Backup showBackup(
      @Schema(pattern = Patterns.NAME) String cluster,
      @Schema(pattern = Patterns.BACKUP_ID) String id,
      @QueryValue @Nullable String vault) {
    BackupDetails found = control.backup(Requests.backupName(cluster, id, vault));
    return Backup.of(found, stores().get(found.backup().vault()));
  }

  /** Kinds of stores by vault. */
  private Map<String, String> stores() {
    return control.vaults().stream()
        .collect(Collectors.toMap(ConfiguredVault::name, ConfiguredVault::store));
  }

  /**
   * Lists what is in a sealed backup.
   *
   * @param cluster the cluster's name
   * @param id the backup's id
   * @param vault where it is; needed where several vaults have one of its id
   * @param path only this and what is below it, {@code collection/shard/path}
   * @param after {@code next} of the page before
   * @param limit at most so many; 100 where it is absent
   * @return a page
   */
  @Get("/clusters/{cluster}/backups/{id}/contents")
  Contents listContents(
      @Schema(pattern = Patterns.NAME) String cluster,
      @Schema(pattern = Patterns.BACKUP_ID) String id,
      @QueryValue @Nullable String vault,
      @Format("MULTI") @QueryValue @Nullable List<String> path,
      @QueryValue @Nullable String after,
      @Schema(minimum = "1", maximum = "1000") @QueryValue @Nullable Integer limit) {
    int atMost = Query.limit(limit);
    ContentsPage page =
        control.contents(
            new ContentsRequest(Requests.backupName(cluster, id, vault), Query.paths(path)),
            after == null ? Position.START : position(after),
            atMost);
    Position next = page.next();
    return new Contents(
        page.entries().stream().map(ContentsEntry::of).toList(),
        next == null ? null : Cursor.of(next));
  }

  private static Position position(String after) {
    try {
      return Cursor.position(after);
    } catch (IllegalArgumentException e) {
      throw Pages.refused(after).cause(e);
    }
  }

  /**
   * Asks a backup in progress to end. Refused from FINALIZING on; does nothing where it is canceled
   * already.
   *
   * @param cluster the cluster's name
   * @param id the backup's id
   * @param vault where it is; needed where several vaults have one of its id
   * @return the run
   */
  @Post("/clusters/{cluster}/backups/{id}/cancel")
  Run cancelBackup(
      @Schema(pattern = Patterns.NAME) String cluster,
      @Schema(pattern = Patterns.BACKUP_ID) String id,
      @QueryValue @Nullable String vault) {
    return Run.of(control.cancelBackup(Requests.backupName(cluster, id, vault)));
  }

  /**
   * Makes a failed backup go on, within its resume window. Does nothing where it has succeeded.
   *
   * @param cluster the cluster's name
   * @param id the backup's id
   * @param vault where it is; needed where several vaults have one of its id
   * @return the run
   */
  @Post("/clusters/{cluster}/backups/{id}/resume")
  Run resumeBackup(
      @Schema(pattern = Patterns.NAME) String cluster,
      @Schema(pattern = Patterns.BACKUP_ID) String id,
      @QueryValue @Nullable String vault) {
    return Run.of(control.resumeBackup(Requests.backupName(cluster, id, vault)));
  }

  /**
   * Starts a verification. While one by the same request is in progress, that one is answered. It
   * is a run like others: one that finds damage ends as FAILED, and tells what it found.
   *
   * @param cluster the cluster's name
   * @param id the backup's id
   * @return the run
   */
  @Post("/clusters/{cluster}/backups/{id}/verify")
  Run verifyBackup(
      @Schema(pattern = Patterns.NAME) String cluster,
      @Schema(pattern = Patterns.BACKUP_ID) String id,
      @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(implementation = NewVerification.class)))
          @Body
          @Nullable String body) {
    NewVerification asked = Json.read(body, NewVerification.class);
    return Run.of(control.verifyBackup(Requests.verification(cluster, id, asked)));
  }
}
