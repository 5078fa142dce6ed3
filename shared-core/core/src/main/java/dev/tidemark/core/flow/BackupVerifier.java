package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.core.verify.Checkpoint;
import dev.tidemark.core.verify.Known;
import dev.tidemark.core.verify.Level;
import dev.tidemark.core.verify.Progress;
import dev.tidemark.core.verify.Report;
import dev.tidemark.core.verify.Stop;
import dev.tidemark.core.verify.VaultVerifier;
import dev.tidemark.events.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Verifies a sealed backup, for as long as its slice lasts. A backup that is not what was stored
 * makes the run FAILED: a verification that nobody reads must not look like one that went well.
 */
final class BackupVerifier implements Step {
  private static final Duration SAVE_EVERY = Duration.ofSeconds(10);

  /** Leaves room in a row of 32 KiB for escapes and for the rest. */
  private static final int REPORT_CHARACTERS = 8_000;

  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final BackupPin pin;
  private final RunEnder ender;

  BackupVerifier(Platform platform, Ledger ledger, Archives archives, RunEnder ender) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
    this.pin = new BackupPin(platform, ledger, archives);
    this.ender = ender;
  }

  /**
   * @param percent 0 to 100
   * @param seed chooses the sample
   */
  static Level level(int percent, String seed) {
    return percent == 0
        ? Level.STRUCTURE
        : percent == 100 ? Level.FULL : Level.sample(percent, seed);
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<Held<RunRow>> held = ledger.run(item.run()).filter(BackupVerifier::isOpen);
    if (held.isEmpty()) {
      return List.of();
    }
    Optional<PlanCursor> turn = PlanCursor.take(platform, ledger, held.get(), slice);
    if (turn.isEmpty()) {
      return List.of();
    }
    return turn.get()
        .during(
            () ->
                held.get().value().status() == Status.STARTED
                    ? begin(held.get(), turn.get(), item, slice)
                    : verify(held.get().value(), turn.get(), item, slice));
  }

  private static boolean isOpen(Held<RunRow> held) {
    RunRow run = held.value();
    return run.kind() == RunRow.Kind.VERIFY
        && (run.status() == Status.STARTED || run.status() == Status.TRANSFERRING);
  }

  private List<Next> begin(Held<RunRow> held, PlanCursor turn, WorkItem item, Slice slice) {
    turn.owe("pin");
    long units = unlessDamaged(() -> hold(held.value()), 0L);
    RunRow run = held.value().planned(units, platform.clock().instant().toEpochMilli());
    Commit commit = Commit.in(held.row().partition()).replace(held.row(), RowCodec.write(run));
    return ledger.commit(commit) ? verify(run, turn, item, slice) : List.of(Next.now(item));
  }

  /** Pins the backup; answers how many units it says to have. */
  private long hold(RunRow run) {
    pin.hold(run, "verifies it");
    return archives
        .of(run)
        .vault()
        .manifest(run.clusterId(), run.backupId())
        .map(manifest -> manifest.header().units())
        .orElse(0L);
  }

  /** What is damaged is for the verification to find. */
  private static <T> T unlessDamaged(Supplier<T> reading, T otherwise) {
    try {
      return reading.get();
    } catch (PermanentFailure e) {
      if (e.kind() == PermanentFailure.Kind.DAMAGED || e.kind() == PermanentFailure.Kind.INVALID) {
        return otherwise;
      }
      throw e;
    }
  }

  private List<Next> verify(RunRow run, PlanCursor turn, WorkItem item, Slice slice) {
    var book = new Book(run, turn);
    Checkpoint from = book.row.value().checkpoint();
    book.requireProgress();
    Checkpoint reached;
    try {
      reached =
          new VaultVerifier(archives.of(run).vault())
              .verify(
                  from,
                  level(book.row.value().percent(), run.writer()),
                  known(run),
                  Progress.NONE,
                  book.stopAfter(slice));
    } catch (TransientFailure e) {
      if (!book.saved) {
        throw e;
      }
      platform.events().failed(item, e);
      return List.of(new Next(again(run), platform.settings().backoffAfter(0)));
    }
    book.save(reached);
    return reached.done() ? end(run, reached.report()) : List.of(Next.now(again(run)));
  }

  private static WorkItem again(RunRow run) {
    return WorkItem.ofRun(WorkItem.Kind.BACKUP_VERIFY, run.id());
  }

  /** The table notes SEALED after the manifest was stored, and the owner before any data. */
  private Known known(RunRow run) {
    boolean sealed =
        ledger
            .find(
                Rows.cluster(run.source()),
                Rows.backup(run.vault(), run.backupId()),
                BackupRow.class)
            .filter(held -> held.value().state() == BackupRow.State.SEALED)
            .isPresent();
    return (clusterId, backupId) ->
        sealed
            ? List.of(
                new Known.Expected(
                    VaultKeys.manifest(clusterId, backupId), Known.Certainty.WRITTEN),
                new Known.Expected(VaultKeys.owner(clusterId, 1), Known.Certainty.WRITTEN))
            : List.of();
  }

  private List<Next> end(RunRow run, Report report) {
    long now = platform.clock().instant().toEpochMilli();
    Optional<Held<RunRow>> held = ledger.runIn(run.id(), Status.TRANSFERRING);
    if (held.isEmpty()) {
      return List.of();
    }
    RunRow row = held.get().value();
    RunRow ended = report.sound() ? row.with(Status.SUCCESS, now) : row.failed(words(report), now);
    return ender.end(held.get(), ended) ? RunEnder.close(run.id()) : List.of(Next.now(again(run)));
  }

  private static String words(Report report) {
    String first =
        report.findings().isEmpty()
            ? ""
            : "; the first: "
                + report.findings().get(0).object()
                + ": "
                + report.findings().get(0).problem();
    return "the backup is damaged: %d objects are not as they were stored%s"
        .formatted(report.findingCount(), first);
  }

  /** Where the verification is noted. */
  private final class Book {
    private final RunRow run;
    private final PlanCursor turn;
    private Held<VerifyRow> row;
    private Instant next;
    private boolean saved;

    Book(RunRow run, PlanCursor turn) {
      this.run = run;
      this.turn = turn;
      this.row = read();
      this.next = platform.clock().instant().plus(SAVE_EVERY);
    }

    private Held<VerifyRow> read() {
      return ledger
          .find(Rows.cluster(run.cluster()), Rows.verification(run.writer()), VerifyRow.class)
          .orElseThrow(() -> new LeaseLost("verification " + run.id() + " is gone"));
    }

    /** Who dies at the same place again and again is not begun anew for ever. */
    void requireProgress() {
      int most = platform.settings().maxAttempts();
      if (turn.number() - row.value().turn() > most) {
        throw PermanentFailure.of(
                PermanentFailure.Kind.FAILED, "verification of backup " + run.backupId())
            .expected("progress within " + most + " attempts")
            .found("none")
            .hint("look for run " + run.id() + " in the log, mend the cause, and start another");
      }
    }

    Stop stopAfter(Slice slice) {
      return here -> {
        if (slice.over()) {
          return true;
        }
        if (!platform.clock().instant().isBefore(next)) {
          save(here.get());
          next = platform.clock().instant().plus(SAVE_EVERY);
        }
        return false;
      };
    }

    /**
     * @throws LeaseLost where the run has ended, or somebody else has gone on with it
     */
    void save(Checkpoint reached) {
      if (ledger.runIn(run.id(), Status.TRANSFERRING).isEmpty()) {
        throw new LeaseLost("run " + run.id() + " moved on");
      }
      turn.row();
      VerifyRow changed = row.value().at(reached.brief(REPORT_CHARACTERS), turn.number());
      Commit commit = Commit.in(row.row().partition()).replace(row.row(), RowCodec.write(changed));
      if (!ledger.commit(commit)) {
        throw new LeaseLost("verification " + run.id() + " moved on");
      }
      saved = true;
      row = read();
    }
  }
}
