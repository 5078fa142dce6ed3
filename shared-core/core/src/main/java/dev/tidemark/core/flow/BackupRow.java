package dev.tidemark.core.flow;

import dev.tidemark.core.vault.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup as the table knows it. The vault has the last word on whether it exists.
 *
 * @param request digest of the request, to know the same one when it comes again; empty where the
 *     backup came from the vault
 * @param suspect whether a later backup found that its data is not what it should be
 * @param pins the runs that read it or build on it; while there is one it is not deleted
 */
record BackupRow(
    int v, State state, String request, boolean suspect, List<String> pins, Summary summary) {

  /** What became of it. */
  enum State {
    RUNNING,
    SEALED,
    FAILED,
    CANCELED,
    /** It was sealed, but the vault does not have it any more. */
    MISSING,
    DELETING,
    DELETED
  }

  /**
   * What a list shows. Times are milliseconds since the epoch; totals are 0 until it is sealed.
   *
   * @param writer of the run that made it
   * @param started when its run started
   * @param sealed 0 where it never was
   * @param missing how many things it does not hold as it should
   * @param unreachable how many nodes did not answer: above 0 it is partial
   */
  record Summary(
      String vault,
      String backupId,
      String clusterId,
      String writer,
      String engine,
      @Nullable String base,
      @Nullable String policy,
      Map<String, String> labels,
      long started,
      long sealed,
      long units,
      long files,
      long bytes,
      long stored,
      long missing,
      long unreachable) {

    static Summary of(String vault, Manifest.Header header) {
      return new Summary(
          vault,
          header.backup(),
          header.clusterId(),
          header.writer(),
          header.engine(),
          header.base(),
          header.policy(),
          header.labels(),
          header.started().toEpochMilli(),
          header.sealed().toEpochMilli(),
          header.units(),
          header.files(),
          header.bytes(),
          header.stored(),
          header.missing() + header.notes().values().stream().mapToLong(n -> n).sum(),
          header.unreachable());
    }
  }

  /** The row of a backup that is being made. */
  static BackupRow running(RunRow run) {
    RunRow.BackupFacts facts = run.facts();
    return new BackupRow(
        1,
        State.RUNNING,
        facts.request(),
        false,
        List.of(),
        new Summary(
            run.vault(),
            run.backupId(),
            run.clusterId(),
            run.writer(),
            facts.engine(),
            facts.base(),
            facts.policy(),
            facts.labels(),
            run.created(),
            0,
            0,
            0,
            0,
            0,
            0,
            0));
  }

  /** The row of a sealed backup that only the vault knows. */
  static BackupRow of(String vault, Manifest.Header header) {
    return new BackupRow(1, State.SEALED, "", false, List.of(), Summary.of(vault, header));
  }

  String clusterId() {
    return summary.clusterId();
  }

  String backupId() {
    return summary.backupId();
  }

  /** Whether a new backup of this incarnation may build on it without being told to. */
  boolean goodBaseFor(String clusterId) {
    return state == State.SEALED
        && !suspect
        && summary.unreachable() == 0
        && summary.clusterId().equals(clusterId);
  }

  BackupRow with(State newState) {
    return new BackupRow(v, newState, request, suspect, pins, summary);
  }

  BackupRow sealed(Manifest.Header header) {
    return new BackupRow(
        v, State.SEALED, request, suspect, pins, Summary.of(summary.vault(), header));
  }

  BackupRow suspected() {
    return new BackupRow(v, state, request, true, pins, summary);
  }

  BackupRow pinned(String run) {
    if (pins.contains(run)) {
      return this;
    }
    var more = new ArrayList<>(pins);
    more.add(run);
    return withPins(more);
  }

  BackupRow unpinned(String run) {
    return withPins(pins.stream().filter(pin -> !pin.equals(run)).toList());
  }

  private BackupRow withPins(List<String> newPins) {
    return new BackupRow(v, state, request, suspect, List.copyOf(newPins), summary);
  }
}
