package dev.tidemark.core.flow;

import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.Notice;
import dev.tidemark.events.NoticeCodec;
import dev.tidemark.events.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Publishes the notices that runs owe, and then deletes their rows: a crash between the two
 * publishes once more. A bus that does not answer keeps nothing but the closing of the run, and
 * that for a day.
 */
final class Announcer implements Step {
  private static final Duration PATIENCE = Duration.ofDays(1);

  private final Platform platform;
  private final Ledger ledger;

  Announcer(Platform platform, Ledger ledger) {
    this.platform = platform;
    this.ledger = ledger;
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<RunRow> held = ledger.run(item.run()).map(Held::value);
    if (held.isEmpty()) {
      return List.of();
    }
    RunRow run = held.get();
    String partition = Rows.cluster(run.cluster());
    for (Held<NoticeRow> owed : ledger.all(partition, prefix(run), NoticeRow.class)) {
      platform.notices().publish(NoticeCodec.decode(owed.value().notice()));
      ledger.discard(partition, List.of(owed.row().sort()));
    }
    boolean waitedFor = run.status().terminal() && !run.closed() && !RunCloser.resumable(run);
    return waitedFor
        ? List.of(Next.now(WorkItem.ofRun(WorkItem.Kind.RUN_CLOSE, run.id())))
        : List.of();
  }

  /** Has the commit that ends a run owe its notice. A run ends once each time it is resumed. */
  Commit owed(Commit commit, RunRow ended) {
    String id = ended.id() + "." + ended.resumes();
    var notice =
        new Notice(
            id,
            kind(ended.kind()),
            outcome(ended.status()),
            platform.deployment(),
            ended.id(),
            ended.cluster(),
            ended.vault(),
            ended.backupId(),
            Instant.ofEpochMilli(ended.created()),
            Instant.ofEpochMilli(ended.touched()),
            ended.error());
    return commit.create(
        prefix(ended) + ended.resumes(),
        RowCodec.write(new NoticeRow(1, NoticeCodec.encode(notice))));
  }

  boolean owes(RunRow run) {
    return ledger.any(Rows.cluster(run.cluster()), prefix(run));
  }

  /** Whether a run may be closed: it owes no notice, or nobody has taken it for too long. */
  boolean isDoneWith(RunRow run) {
    if (!owes(run)) {
      return true;
    }
    Instant end = Instant.ofEpochMilli(run.touched()).plus(PATIENCE);
    if (platform.clock().instant().isBefore(end)) {
      return false;
    }
    String partition = Rows.cluster(run.cluster());
    ledger.discard(partition, ledger.rows(partition, prefix(run)).stream().map(Row::sort).toList());
    platform
        .events()
        .failed(
            WorkItem.ofRun(WorkItem.Kind.RUN_ANNOUNCE, run.id()),
            new TransientFailure("nobody took the notice of run " + run.id() + " for a day"));
    return true;
  }

  private static Notice.Kind kind(RunRow.Kind kind) {
    return switch (kind) {
      case BACKUP -> Notice.Kind.BACKUP;
      case RESTORE -> Notice.Kind.RESTORE;
      case VERIFY -> Notice.Kind.VERIFY;
    };
  }

  private static Notice.Outcome outcome(Status status) {
    return switch (status) {
      case SUCCESS -> Notice.Outcome.SUCCEEDED;
      case CANCELED -> Notice.Outcome.CANCELED;
      case FAILED -> Notice.Outcome.FAILED;
      default -> throw new IllegalStateException(status + " is no end");
    };
  }

  private static String prefix(RunRow run) {
    return Rows.notices(run.writer());
  }
}
