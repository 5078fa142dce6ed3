package dev.tidemark.core.flow;

import dev.tidemark.core.config.Durations;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import java.util.List;
import java.util.Optional;

/**
 * Takes a failed run up again within its resume window, and gives a push to one that goes on. A
 * resumed run is planned again: its plan and rows are there, and the engine is prepared anew where
 * that was given up.
 */
final class RunResumer {
  private final Platform platform;
  private final Ledger ledger;
  private final Watchdog watchdog;

  RunResumer(Platform platform, Ledger ledger, Watchdog watchdog) {
    this.platform = platform;
    this.ledger = ledger;
    this.watchdog = watchdog;
  }

  /**
   * Goes on with a run. Nothing is left to do for one that succeeded: who asks may have lost the
   * answer, or been overtaken by another process on the same run.
   *
   * @throws PermanentFailure CONFLICT where it cannot be resumed, or another run has the engine
   */
  List<Next> resume(String run) {
    while (true) {
      Held<RunRow> held = ledger.requireRun(run);
      RunRow row = held.value();
      if (!row.status().terminal()) {
        return watchdog.look(row);
      }
      if (row.status() == Status.SUCCESS) {
        return List.of();
      }
      if (!RunCloser.resumable(row) || row.closed() || windowOver(row)) {
        throw refusal(row);
      }
      String partition = held.row().partition();
      Optional<Held<EngineRow>> engine = ledger.find(partition, Rows.ENGINE, EngineRow.class);
      if (engine.isPresent()) {
        throw BackupScheduler.busy(row.cluster(), engine.get().value());
      }
      long now = platform.clock().instant().toEpochMilli();
      RunRow resumed = row.resumed(now);
      String kind = row.kind() == RunRow.Kind.BACKUP ? "backup" : "restore";
      Commit commit =
          Commit.in(partition)
              .replace(held.row(), RowCodec.write(resumed))
              .create(
                  Rows.ENGINE, RowCodec.write(new EngineRow(1, run, kind, row.backupId(), now)));
      Optional<Held<BackupRow>> backup =
          row.kind() == RunRow.Kind.BACKUP
              ? ledger.find(partition, Rows.backup(row.vault(), row.backupId()), BackupRow.class)
              : Optional.empty();
      if (backup.isPresent()) {
        commit =
            commit.replace(
                backup.get().row(),
                RowCodec.write(backup.get().value().with(BackupRow.State.RUNNING)));
      }
      if (ledger.commit(commit)) {
        return watchdog.look(resumed);
      }
    }
  }

  private boolean windowOver(RunRow run) {
    long end = run.touched() + platform.settings().resumeWindow().toMillis();
    return platform.clock().instant().toEpochMilli() >= end;
  }

  private PermanentFailure refusal(RunRow run) {
    String found =
        run.status() != Status.FAILED
            ? run.status().toString()
            : run.kind() == RunRow.Kind.VERIFY
                ? "a verification that FAILED: " + run.error()
                : run.voided()
                    ? "FAILED while it was sealed, and voided: " + run.error()
                    : "FAILED, and its resume window of "
                        + Durations.format(platform.settings().resumeWindow())
                        + " is over";
    return PermanentFailure.of(PermanentFailure.Kind.CONFLICT, "run " + run.id())
        .expected("a run that goes on, or one that failed within its resume window")
        .found(found)
        .hint("start a new one");
  }
}
