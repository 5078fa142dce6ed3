package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a run every now and then until it is closed, and sends again whatever may have been
 * lost: a run that is being watched needs no queue that never loses anything. Each look renews the
 * guard of a backup that transfers.
 */
final class Watchdog implements Step {
  private final Platform platform;
  private final Ledger ledger;
  private final LaneKeeper lanes;
  private final Timers timers;
  private final Announcer announcer;

  Watchdog(Platform platform, Ledger ledger, LaneKeeper lanes, Timers timers, Announcer announcer) {
    this.platform = platform;
    this.ledger = ledger;
    this.lanes = lanes;
    this.timers = timers;
    this.announcer = announcer;
  }

  /**
   * Sets the next look, at a multiple of the interval: however many looks there were, duplicates
   * included, there is one next.
   */
  void arm(String run) {
    arm(run, 1);
  }

  /**
   * Sets the first look at a run that is about to be committed, at least a whole interval from now:
   * a look at a run that is not there is the last one.
   */
  void armAhead(String run) {
    arm(run, 2);
  }

  private void arm(String run, int intervals) {
    long every = Math.max(1, platform.settings().watchEvery().toSeconds());
    long now = platform.clock().instant().getEpochSecond();
    timers.set(
        WorkItem.ofRun(WorkItem.Kind.RUN_WATCH, run),
        Instant.ofEpochSecond((now / every + intervals) * every));
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<Held<RunRow>> held = ledger.run(item.run());
    if (held.isEmpty() || held.get().value().closed()) {
      return List.of();
    }
    arm(item.run());
    renewGuard(held.get(), item, slice);
    return look(held.get().value());
  }

  /**
   * Takes the guard again for a run that transfers, in a turn of the plan's: a run that ends
   * meanwhile is not closed before the turn is over. Where that fails, the next look tries again.
   */
  private void renewGuard(Held<RunRow> held, WorkItem item, Slice slice) {
    RunRow run = held.value();
    if (run.kind() != RunRow.Kind.BACKUP || run.status() != Status.TRANSFERRING) {
      return;
    }
    try {
      Optional<Guard> guard = platform.site().engine(run.config(), run.cluster()).guard();
      if (guard.isPresent()) {
        PlanCursor.take(platform, ledger, held, slice)
            .ifPresent(turn -> turn.during(() -> renew(run, turn, guard.get())));
      }
    } catch (TransientFailure | PermanentFailure e) {
      platform.events().failed(item, e);
    }
  }

  private List<Next> renew(RunRow run, PlanCursor turn, Guard guard) {
    turn.owe("guard");
    guard.take(new RunToken(platform.deployment(), run.writer()), guard.timeToLive());
    return List.of();
  }

  /** What would take the run further from where it is. */
  List<Next> look(RunRow run) {
    if (run.kind() == RunRow.Kind.VERIFY && run.status().cancellable()) {
      return one(WorkItem.Kind.BACKUP_VERIFY, run);
    }
    boolean backup = run.kind() == RunRow.Kind.BACKUP;
    return switch (run.status()) {
      case STARTED -> one(backup ? WorkItem.Kind.BACKUP_PLAN : WorkItem.Kind.RESTORE_PLAN, run);
      case TRANSFERRING -> stalled(run);
      case TRANSFERRED, FINALIZING, VOIDING ->
          one(backup ? WorkItem.Kind.BACKUP_SEAL : WorkItem.Kind.RESTORE_FINISH, run);
      case CANCELLING -> one(WorkItem.Kind.RUN_CANCEL, run);
      case SUCCESS, FAILED, CANCELED ->
          announcer.owes(run) ? RunEnder.close(run.id()) : one(WorkItem.Kind.RUN_CLOSE, run);
    };
  }

  /**
   * Claims nothing itself: what a look claims, and dies before it sends, no item would bring back.
   */
  private List<Next> stalled(RunRow run) {
    return lanes.begin(run).stream()
        .filter(next -> next.item().lane() == null || lanes.isStalled(run, next.item().lane()))
        .toList();
  }

  private static List<Next> one(WorkItem.Kind kind, RunRow run) {
    return List.of(Next.now(WorkItem.ofRun(kind, run.id())));
  }
}
