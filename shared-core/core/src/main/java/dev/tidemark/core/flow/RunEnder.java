package dev.tidemark.core.flow;

import dev.tidemark.core.state.Commit;
import dev.tidemark.events.WorkItem;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The commits that end a run: its row, the engine's row and the backup's row change together, and
 * its notice is owed. What else the run owes is released afterwards by {@link RunCloser}.
 */
final class RunEnder {
  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final Announcer announcer;

  RunEnder(Platform platform, Ledger ledger, Archives archives, Announcer announcer) {
    this.platform = platform;
    this.archives = archives;
    this.ledger = ledger;
    this.announcer = announcer;
  }

  /** Ends a run that cannot go on; one that may be sealing goes by VOIDING. */
  List<Next> fail(String run, String error) {
    for (int attempt = 0; attempt < 5; attempt++) {
      Optional<Held<RunRow>> held = ledger.run(run);
      if (held.isEmpty() || held.get().value().status().terminal()) {
        return close(run);
      }
      switch (held.get().value().status()) {
        case FINALIZING -> {
          if (startVoiding(held.get(), error)) {
            return voidOut(run);
          }
        }
        case VOIDING -> {
          return voidOut(run);
        }
        case CANCELLING -> {
          if (end(held.get(), held.get().value().with(Status.CANCELED, now()))) {
            return close(run);
          }
        }
        default -> {
          if (end(held.get(), held.get().value().failed(error, now()))) {
            return close(run);
          }
        }
      }
    }
    return List.of(Next.now(WorkItem.ofRun(WorkItem.Kind.RUN_WATCH, run)));
  }

  /**
   * Finishes giving up: the tombstone comes before FAILED, so that a manifest which a sleeping
   * sealer still creates is masked.
   */
  List<Next> voidOut(String run) {
    Optional<Held<RunRow>> held = ledger.runIn(run, Status.VOIDING);
    if (held.isEmpty()) {
      return List.of();
    }
    RunRow row = held.get().value();
    if (row.kind() == RunRow.Kind.BACKUP) {
      archives
          .of(row)
          .bury(row.clusterId(), row.backupId(), row.error(), platform.clock().instant());
    }
    return end(held.get(), row.failed(row.error(), now()))
        ? close(run)
        : List.of(Next.now(WorkItem.ofRun(WorkItem.Kind.RUN_WATCH, run)));
  }

  private boolean startVoiding(Held<RunRow> held, String error) {
    RunRow run = held.value();
    String said =
        run.kind() == RunRow.Kind.RESTORE
            ? error + "; " + Visibility.of(platform, ledger, run).sentence()
            : error;
    return ledger.commit(
        Commit.in(held.row().partition())
            .replace(held.row(), RowCodec.write(run.voiding(said, now()))));
  }

  /** The sealed end of a backup. */
  boolean succeed(Held<RunRow> held, UnaryOperator<BackupRow> totals) {
    return end(held, held.value().with(Status.SUCCESS, now()), totals);
  }

  boolean end(Held<RunRow> held, RunRow ended) {
    return end(held, ended, UnaryOperator.identity());
  }

  private boolean end(Held<RunRow> held, RunRow ended, UnaryOperator<BackupRow> totals) {
    String partition = held.row().partition();
    Commit commit =
        announcer.owed(Commit.in(partition).replace(held.row(), RowCodec.write(ended)), ended);
    Optional<Held<EngineRow>> engine = ledger.find(partition, Rows.ENGINE, EngineRow.class);
    if (engine.isPresent() && engine.get().value().run().equals(ended.id())) {
      commit = commit.delete(engine.get().row());
    }
    if (ended.kind() == RunRow.Kind.VERIFY) {
      commit = withoutVerifying(commit, partition, ended);
    }
    if (ended.kind() == RunRow.Kind.BACKUP) {
      commit = withBackupRow(commit, partition, ended, totals);
      if (ended.status() == Status.SUCCESS) {
        commit = withoutPin(commit, partition, ended);
      }
    }
    return ledger.commit(commit);
  }

  private Commit withoutVerifying(Commit commit, String partition, RunRow ended) {
    String sort = Rows.verifying(ended.vault(), ended.backupId());
    return ledger
        .find(partition, sort, VerifyingRow.class)
        .filter(held -> held.value().run().equals(ended.id()))
        .map(held -> commit.delete(held.row()))
        .orElse(commit);
  }

  private Commit withBackupRow(
      Commit commit, String partition, RunRow ended, UnaryOperator<BackupRow> totals) {
    Optional<Held<BackupRow>> backup =
        ledger.find(partition, Rows.backup(ended.vault(), ended.backupId()), BackupRow.class);
    if (backup.isEmpty()) {
      return commit;
    }
    BackupRow changed =
        switch (ended.status()) {
          case SUCCESS -> totals.apply(backup.get().value());
          case CANCELED -> backup.get().value().with(BackupRow.State.CANCELED);
          default -> backup.get().value().with(BackupRow.State.FAILED);
        };
    return commit.replace(backup.get().row(), RowCodec.write(changed));
  }

  private Commit withoutPin(Commit commit, String partition, RunRow ended) {
    String base = ended.facts().base();
    if (base == null) {
      return commit;
    }
    return ledger
        .find(partition, Rows.backup(ended.vault(), base), BackupRow.class)
        .filter(held -> held.value().pins().contains(ended.id()))
        .map(held -> commit.replace(held.row(), RowCodec.write(held.value().unpinned(ended.id()))))
        .orElse(commit);
  }

  static List<Next> close(String run) {
    return List.of(
        Next.now(WorkItem.ofRun(WorkItem.Kind.RUN_CLOSE, run)),
        Next.now(WorkItem.ofRun(WorkItem.Kind.RUN_ANNOUNCE, run)));
  }

  private long now() {
    return platform.clock().instant().toEpochMilli();
  }
}
