package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The flow's table of contents, and its only sender. A host hands it every item that a queue
 * delivers, and acknowledges the item when {@link #dispatch} has returned; it calls {@link #tick}
 * about once a minute.
 */
public final class Dispatcher {
  private final Platform platform;
  private final Ledger ledger;
  private final Map<WorkItem.Kind, Step> steps = new EnumMap<>(WorkItem.Kind.class);
  private final BackupScheduler backups;
  private final RestoreScheduler restores;
  private final VerifyScheduler verifications;
  private final RunCanceler canceler;
  private final RunResumer resumer;
  private final RunEnder ender;
  private final RunCloser closer;
  private final Watchdog watchdog;
  private final Timers timers;
  private final PolicyScheduler policies;
  private final ClusterInspector inspector;

  public Dispatcher(Platform platform) {
    this.platform = platform;
    this.ledger = new Ledger(platform.table());
    this.timers = new Timers(ledger, platform.queue(), platform.clock());
    var archives = new Archives(platform);
    var dropped = new DroppedShards(ledger, archives);
    var announcer = new Announcer(platform, ledger);
    this.ender = new RunEnder(platform, ledger, archives, announcer);
    var lanes = new LaneKeeper(platform, ledger);
    this.watchdog = new Watchdog(platform, ledger, lanes, timers, announcer);
    this.backups = new BackupScheduler(platform, ledger, archives, watchdog);
    this.policies = new PolicyScheduler(platform, ledger, this::backup);
    this.restores = new RestoreScheduler(platform, ledger, archives, watchdog);
    this.verifications = new VerifyScheduler(platform, ledger, watchdog);
    this.canceler = new RunCanceler(platform, ledger, ender);
    this.resumer = new RunResumer(platform, ledger, watchdog);
    this.inspector = new ClusterInspector(platform.site());

    steps.put(WorkItem.Kind.BACKUP_PLAN, new BackupPlanner(platform, ledger, archives, lanes));
    steps.put(WorkItem.Kind.LANE_FILL, lanes);
    steps.put(WorkItem.Kind.UNIT_SNAPSHOT, new ShardSnapshotter(platform, ledger, dropped, lanes));
    steps.put(
        WorkItem.Kind.UNIT_TRANSFER, new ShardTransfer(platform, ledger, archives, dropped, lanes));
    steps.put(
        WorkItem.Kind.BACKUP_SEAL,
        new BackupSealer(platform, ledger, archives, dropped, lanes, ender));
    steps.put(WorkItem.Kind.RESTORE_PLAN, new RestorePlanner(platform, ledger, archives, lanes));
    steps.put(WorkItem.Kind.UNIT_RESTORE, new ShardRestorer(platform, ledger, archives, lanes));
    steps.put(
        WorkItem.Kind.RESTORE_FINISH,
        new RestoreFinisher(platform, ledger, archives, lanes, ender));
    steps.put(WorkItem.Kind.BACKUP_VERIFY, new BackupVerifier(platform, ledger, archives, ender));
    steps.put(WorkItem.Kind.RUN_CANCEL, canceler);
    steps.put(WorkItem.Kind.RUN_WATCH, watchdog);
    this.closer = new RunCloser(platform, ledger, announcer);
    steps.put(WorkItem.Kind.RUN_CLOSE, closer);
    steps.put(WorkItem.Kind.RUN_ANNOUNCE, announcer);
  }

  /**
   * Starts a backup, or answers with the one that the same request started.
   *
   * @throws PermanentFailure INVALID, NOT_FOUND or CONFLICT: the request was refused, and nothing
   *     was started
   */
  public Accepted backup(BackupRequest request) {
    Accepted accepted = backups.create(request);
    begin(accepted, WorkItem.Kind.BACKUP_PLAN);
    return accepted;
  }

  /**
   * Notes that a policy is looked after from this slot on, unless it is already: what lies before
   * is not made up for.
   */
  public void expect(PolicySlot slot) {
    policies.expect(slot);
  }

  /**
   * Notes that a policy is looked after from now on, unless it is already, before anybody asks for
   * a slot of it: then it can be overdue. Whichever slot is asked for first counts.
   *
   * @param request what it wants, as in {@link PolicySlot}
   */
  public void expect(BackupRequest request) {
    policies.expect(new PolicySlot(request, Instant.EPOCH));
  }

  /**
   * Starts the backup that a policy wants at a slot, once, whoever asks and however often. A
   * refusal skips the slot, and is answered.
   *
   * @throws dev.tidemark.core.failure.TransientFailure where nothing is decided; to be asked again
   */
  public PolicySlot.Taken slot(PolicySlot slot) {
    return policies.take(slot);
  }

  /**
   * Looks whether backups of a cluster can be made, as far as its engine can tell; starts nothing.
   *
   * @throws PermanentFailure NOT_FOUND where no cluster of that name is configured
   */
  public List<Condition> inspect(String cluster) {
    return inspector.inspect(cluster);
  }

  /** What a restore would do; starts nothing. */
  public RestorePreview preview(RestoreRequest request) {
    return restores.preview(request);
  }

  /**
   * Starts a restore.
   *
   * @throws PermanentFailure INVALID, NOT_FOUND or CONFLICT: the request was refused, and nothing
   *     was started
   */
  public Accepted restore(RestoreRequest request) {
    Accepted accepted = restores.create(request);
    begin(accepted, WorkItem.Kind.RESTORE_PLAN);
    return accepted;
  }

  /**
   * Starts a verification of a backup, or answers with the one that the same request has at work.
   *
   * @throws PermanentFailure CONFLICT where another one is at work on the backup
   */
  public Accepted verify(VerifyRequest request) {
    Accepted accepted = verifications.create(request);
    begin(accepted, WorkItem.Kind.BACKUP_VERIFY);
    return accepted;
  }

  /**
   * Cancels a run that was not finalized.
   *
   * @throws PermanentFailure NOT_FOUND, or CONFLICT where it is too late
   */
  public void cancel(String run) {
    send(canceler.request(run));
  }

  /**
   * Goes on with a run that failed within its resume window, or that nobody works on. Does nothing
   * for one that succeeded.
   *
   * @throws PermanentFailure NOT_FOUND, or CONFLICT where it cannot be resumed
   */
  public void resume(String run) {
    List<Next> next = resumer.resume(run);
    watchdog.arm(run);
    send(next);
  }

  /**
   * Handles an item. When this returns, everything that follows from the item is safe and the item
   * may be acknowledged.
   *
   * @throws RuntimeException where not even that could be made safe; the item must be delivered
   *     again
   */
  public void dispatch(WorkItem item, Slice slice) {
    List<Next> next;
    try {
      Step step = steps.get(item.kind());
      if (step == null) {
        throw new IllegalStateException("no step for " + item.kind());
      }
      next = step.run(item, slice);
      platform.events().done(item);
    } catch (LeaseLost e) {
      next = afterLoss(item);
    } catch (PermanentFailure e) {
      platform.events().failed(item, e);
      next = endsRun(item) ? ender.fail(item.run(), String.valueOf(e.getMessage())) : again(item);
    } catch (TransientFailure e) {
      platform.events().failed(item, e);
      next = retry(item, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      platform.events().failed(item, e);
      next = retry(item, "an error of Tidemark itself: " + e);
    }
    send(next);
  }

  /**
   * Counts an item as one more failed attempt, whose every delivery ended without a word: what a
   * queue gives up on. Work that has moved on meanwhile is not disturbed.
   */
  public void dead(WorkItem item) {
    var failure =
        new TransientFailure(
            "%s of run %s was delivered again and again, and never answered"
                .formatted(item.kind().word(), item.run()));
    platform.events().failed(item, failure);
    send(retry(item, String.valueOf(failure.getMessage())));
  }

  /**
   * Sends what is due.
   *
   * @return how many items were sent
   */
  public int tick() {
    return timers.fire();
  }

  private void begin(Accepted accepted, WorkItem.Kind kind) {
    if (!accepted.status().terminal()) {
      watchdog.arm(accepted.run());
      if (accepted.status() == Status.STARTED) {
        send(List.of(Next.now(WorkItem.ofRun(kind, accepted.run()))));
      }
    }
  }

  /** Who slept until its run was closed may have acquired something since. */
  private List<Next> afterLoss(WorkItem item) {
    try {
      closer.releaseAgain(item.run());
      return List.of();
    } catch (TransientFailure e) {
      return again(item);
    }
  }

  private List<Next> retry(WorkItem item, String error) {
    int most = platform.settings().maxAttempts();
    if (endsRun(item) && !countsInItsRow(item) && item.attempt() + 1 >= most) {
      return ender.fail(
          item.run(), "gave up after " + most + " attempts without progress: " + error);
    }
    return again(item);
  }

  private List<Next> again(WorkItem item) {
    if (sentByEveryLook(item) && item.attempt() + 1 >= platform.settings().maxAttempts()) {
      return List.of();
    }
    return List.of(new Next(item.again(), platform.settings().backoffAfter(item.attempt())));
  }

  /** Whether the run fails with the step; what cleans up goes on until it succeeds. */
  private static boolean endsRun(WorkItem item) {
    return switch (item.kind()) {
      case RUN_CANCEL, RUN_WATCH, RUN_CLOSE, RUN_ANNOUNCE -> false;
      default -> true;
    };
  }

  /** Whether the unit's row counts attempts, and knows of progress between them. */
  private static boolean countsInItsRow(WorkItem item) {
    return switch (item.kind()) {
      case UNIT_SNAPSHOT, UNIT_TRANSFER, UNIT_RESTORE -> true;
      default -> false;
    };
  }

  /** What the watchdog sends anew with every look need not be sent again for ever. */
  private static boolean sentByEveryLook(WorkItem item) {
    return switch (item.kind()) {
      case RUN_CANCEL, RUN_CLOSE, RUN_ANNOUNCE -> true;
      default -> false;
    };
  }

  private void send(List<Next> next) {
    next.forEach(timers::send);
  }
}
