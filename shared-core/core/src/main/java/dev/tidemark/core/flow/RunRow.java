package dev.tidemark.core.flow;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run, in its cluster's partition. Times are milliseconds since the epoch.
 *
 * @param cluster the cluster whose engine the run touches
 * @param source the name of the cluster that was backed up; for backups the same
 * @param clusterId the incarnation that the backup is of
 * @param config digest of the configuration, pinned for the whole run
 * @param touched when the status last changed
 * @param sealed when FINALIZING was committed; 0 before
 * @param closing past its resume window: what it owes is being released, and it cannot be resumed
 * @param closed owing nothing, and past its resume window
 * @param resumes how often the run was resumed; attempts count anew each time
 * @param units how many the plan has; -1 before TRANSFERRING
 * @param voided whether a tombstone bars the backup's id
 * @param backup what a backup was asked for; else null
 * @param restore what a restore was asked for; else null
 * @param error the failure's sentence; empty while there is none
 */
record RunRow(
    int v,
    Kind kind,
    Status status,
    String cluster,
    String source,
    String clusterId,
    String writer,
    String vault,
    String backupId,
    String config,
    long created,
    long touched,
    long sealed,
    boolean closing,
    boolean closed,
    int resumes,
    long units,
    boolean voided,
    @Nullable BackupFacts backup,
    @Nullable RestoreFacts restore,
    String error) {

  /** What a run does. */
  enum Kind {
    BACKUP,
    RESTORE,
    VERIFY
  }

  /**
   * What is fixed of a backup when it starts.
   *
   * @param base the base's id, pinned; null for none
   * @param request digest of the request, to know the same one when it comes again
   */
  record BackupFacts(
      String engine,
      String engineVersion,
      String fingerprint,
      String consistency,
      String scope,
      List<String> include,
      List<String> exclude,
      @Nullable String base,
      @Nullable String baseClusterId,
      Map<String, String> labels,
      @Nullable String policy,
      String compression,
      long chunk,
      String request) {

    BackupFacts withoutBase() {
      return new BackupFacts(
          engine,
          engineVersion,
          fingerprint,
          consistency,
          scope,
          include,
          exclude,
          null,
          null,
          labels,
          policy,
          compression,
          chunk,
          request);
    }
  }

  /**
   * What is fixed of a restore when it starts.
   *
   * @param files how many it writes, at most
   * @param bytes of their content
   */
  record RestoreFacts(RestoreRequest request, long files, long bytes) {}

  String id() {
    return cluster + "." + writer;
  }

  BackupFacts facts() {
    if (backup == null) {
      throw new IllegalStateException("run " + id() + " is no backup");
    }
    return backup;
  }

  RestoreRequest wish() {
    if (restore == null) {
      throw new IllegalStateException("run " + id() + " is no restore");
    }
    return restore.request();
  }

  RunRow with(Status newStatus, long now) {
    return copy(newStatus, now, newStatus == Status.FINALIZING ? now : sealed, units, error);
  }

  RunRow planned(long newUnits, long now) {
    return copy(Status.TRANSFERRING, now, sealed, newUnits, error);
  }

  RunRow failed(String newError, long now) {
    return copy(Status.FAILED, now, sealed, units, newError);
  }

  RunRow voiding(String newError, long now) {
    return new RunRow(
        v,
        kind,
        Status.VOIDING,
        cluster,
        source,
        clusterId,
        writer,
        vault,
        backupId,
        config,
        created,
        now,
        sealed,
        closing,
        closed,
        resumes,
        units,
        true,
        backup,
        restore,
        newError);
  }

  RunRow resumed(long now) {
    return new RunRow(
        v,
        kind,
        Status.STARTED,
        cluster,
        source,
        clusterId,
        writer,
        vault,
        backupId,
        config,
        created,
        now,
        sealed,
        false,
        false,
        resumes + 1,
        units,
        voided,
        backup,
        restore,
        "");
  }

  RunRow asClosing() {
    return new RunRow(
        v, kind, status, cluster, source, clusterId, writer, vault, backupId, config, created,
        touched, sealed, true, closed, resumes, units, voided, backup, restore, error);
  }

  RunRow asClosed() {
    return new RunRow(
        v, kind, status, cluster, source, clusterId, writer, vault, backupId, config, created,
        touched, sealed, closing, true, resumes, units, voided, backup, restore, error);
  }

  RunRow withoutBase() {
    return new RunRow(
        v,
        kind,
        status,
        cluster,
        source,
        clusterId,
        writer,
        vault,
        backupId,
        config,
        created,
        touched,
        sealed,
        closing,
        closed,
        resumes,
        units,
        voided,
        facts().withoutBase(),
        restore,
        error);
  }

  private RunRow copy(Status s, long now, long newSealed, long newUnits, String newError) {
    return new RunRow(
        v, kind, s, cluster, source, clusterId, writer, vault, backupId, config, created, now,
        newSealed, closing, closed, resumes, newUnits, voided, backup, restore, newError);
  }
}
