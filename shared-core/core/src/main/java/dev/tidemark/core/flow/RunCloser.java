package dev.tidemark.core.flow;

import dev.tidemark.core.config.Durations;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Closes a run: releases what it owes, pins last, and deletes its rows. A failed run keeps its
 * snapshots and pins for its resume window; no run is closed while a lease of it may still be
 * alive, for who holds it might acquire something again.
 *
 * <p>An engine that never answers again keeps no run open for ever, if it removes by itself what
 * nobody uses: once that time is over since the last lease of the run ended, nothing is owed to it.
 */
final class RunCloser implements Step {
  /** What a call that was on its way, or clocks that differ, may add to the time things live. */
  private static final Duration MARGIN = Duration.ofMinutes(10);

  private final Platform platform;
  private final Ledger ledger;
  private final Announcer announcer;

  RunCloser(Platform platform, Ledger ledger, Announcer announcer) {
    this.platform = platform;
    this.ledger = ledger;
    this.announcer = announcer;
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<Held<RunRow>> held = ledger.run(item.run());
    if (held.isEmpty() || !held.get().value().status().terminal()) {
      return List.of();
    }
    RunRow run = held.get().value();
    if (run.closed()) {
      dropLateTurn(run);
      return List.of();
    }
    Instant now = platform.clock().instant();
    Instant leases = endOfLeases(run);
    if (owes(run, "guard")) {
      dropGuard(run, now.isBefore(leases));
    }
    Instant from = later(leases, endOfWindow(run));
    if (now.isBefore(from)) {
      if (resumable(run)) {
        releaseWhatHurts(run);
      }
      return List.of(new Next(item, Duration.between(now, from)));
    }
    if (resumable(run)) {
      // From here on `resume` refuses: it would go on with rows and snapshots that are going.
      ledger.commit(
          Commit.in(held.get().row().partition())
              .replace(held.get().row(), RowCodec.write(run.asClosing())));
      return List.of(Next.now(item));
    }
    if (!release(run, slice) || !deleteRows(run, slice)) {
      return List.of(Next.now(item));
    }
    if (!announcer.isDoneWith(run)) {
      // Who has published it sends this item again.
      return List.of();
    }
    return ledger.commit(
            Commit.in(held.get().row().partition())
                .replace(held.get().row(), RowCodec.write(run.asClosed())))
        ? List.of()
        : List.of(Next.now(item));
  }

  /** Who slept while the run was closed, and took its turn then, may not have given it back. */
  private void dropLateTurn(RunRow run) {
    String partition = Rows.ofRun(run.id());
    if (ledger.find(partition, Rows.PLAN, PlanRow.class).isPresent()) {
      ledger.discard(partition, List.of(Rows.PLAN));
    }
  }

  /**
   * Frees the engine at once; but while a lease may be alive whoever has it may take the guard
   * again, so that until then it is owed still.
   */
  private void dropGuard(RunRow run, boolean again) {
    Runnable drop =
        () ->
            engine(run)
                .guard()
                .ifPresent(
                    guard ->
                        released(
                            run, Optional.of(guard.timeToLive()), () -> guard.drop(token(run))));
    if (again) {
      drop.run();
    } else {
      settle(run, "guard", drop);
    }
  }

  private Instant endOfWindow(RunRow run) {
    Instant touched = Instant.ofEpochMilli(run.touched());
    return resumable(run) ? touched.plus(platform.settings().resumeWindow()) : touched;
  }

  /** When the last lease that may still be alive has ended. */
  private Instant endOfLeases(RunRow run) {
    Instant now = platform.clock().instant();
    return endOfLeases(run, (owner, end) -> Leases.live(platform, owner, end, now));
  }

  private interface Counts {
    boolean lease(String owner, long end);
  }

  private Instant endOfLeases(RunRow run, Counts counts) {
    Instant last =
        ledger
            .find(Rows.ofRun(run.id()), Rows.PLAN, PlanRow.class)
            .map(Held::value)
            .filter(plan -> counts.lease(plan.owner(), plan.leaseEnd()))
            .map(plan -> Instant.ofEpochMilli(plan.leaseEnd()))
            .orElse(Instant.EPOCH);
    for (String lane : lanes(run)) {
      for (Held<UnitRow> unit : ledger.all(Rows.ofLane(run.id(), lane), Rows.OPEN, UnitRow.class)) {
        if (!unit.value().claimed()) {
          break;
        }
        UnitRow row = unit.value();
        if (counts.lease(row.owner(), row.leaseEnd())) {
          last = later(last, UnitLease.end(row));
        }
      }
    }
    return last;
  }

  /** Whether `resume` could take the run up again. */
  static boolean resumable(RunRow run) {
    return run.status() == Status.FAILED
        && run.kind() != RunRow.Kind.VERIFY
        && !run.voided()
        && !run.closing()
        && !run.closed();
  }

  private void releaseWhatHurts(RunRow run) {
    Source source = engine(run).source();
    if (run.kind() == RunRow.Kind.BACKUP && !source.keepsForResume()) {
      settle(run, "engine", () -> releaseAll(run, source));
    }
  }

  private void releaseAll(RunRow run, Source source) {
    released(run, source.heldAtMost(), () -> source.releaseAll(token(run)));
  }

  /** Releases something; or gives that up, once it cannot be there any more. */
  private void released(RunRow run, Optional<Duration> heldAtMost, Runnable release) {
    try {
      release.run();
    } catch (TransientFailure | PermanentFailure e) {
      Instant now = platform.clock().instant();
      if (heldAtMost.isEmpty() || now.isBefore(endOfUse(run).plus(heldAtMost.get()).plus(MARGIN))) {
        throw e;
      }
      platform
          .events()
          .failed(
              WorkItem.ofRun(WorkItem.Kind.RUN_CLOSE, run.id()),
              new TransientFailure(
                  "nothing is owed any more to an engine that keeps it for "
                      + Durations.format(heldAtMost.get())
                      + ": "
                      + e.getMessage(),
                  e));
    }
  }

  /** When the last lease ended under which something may have been acquired. */
  private Instant endOfUse(RunRow run) {
    return later(Instant.ofEpochMilli(run.touched()), endOfLeases(run, (owner, end) -> true));
  }

  /**
   * Releases what is owed, and then notes that it is no longer owed: unless the run was resumed
   * meanwhile, for its planner replaces the plan row before it acquires anything.
   */
  private void settle(RunRow run, String what, Runnable release) {
    String partition = Rows.ofRun(run.id());
    Optional<Held<PlanRow>> plan = ledger.find(partition, Rows.PLAN, PlanRow.class);
    Optional<Held<OwedRow>> owed = ledger.find(partition, Rows.OWED + what, OwedRow.class);
    if (plan.isEmpty() || owed.isEmpty()) {
      return;
    }
    if (ledger.run(run.id()).filter(now -> now.value().equals(run)).isEmpty()) {
      throw new LeaseLost("run " + run.id() + " moved on");
    }
    release.run();
    ledger.commit(
        Commit.in(partition)
            .replace(plan.get().row(), plan.get().row().body())
            .delete(owed.get().row()));
  }

  private boolean release(RunRow run, Slice slice) {
    if (owes(run, "engine")) {
      if (run.kind() == RunRow.Kind.BACKUP) {
        releaseAll(run, engine(run).source());
      } else if (run.status() != Status.SUCCESS && !abort(run, slice)) {
        return false;
      }
      ledger.discard(Rows.ofRun(run.id()), List.of(Rows.OWED + "engine"));
    }
    unpin(run);
    ledger.discard(Rows.ofRun(run.id()), List.of(Rows.OWED + "pin"));
    return true;
  }

  private boolean owes(RunRow run, String what) {
    return ledger.find(Rows.ofRun(run.id()), Rows.OWED + what, OwedRow.class).isPresent();
  }

  private StorageEngine engine(RunRow run) {
    return platform.site().engine(run.config(), run.cluster());
  }

  private RunToken token(RunRow run) {
    return new RunToken(platform.deployment(), run.writer());
  }

  /**
   * Removes what a restore began and did not make visible, and what it put aside. A unit that is
   * done with loses its row, so that the next slice goes on behind it.
   */
  private boolean abort(RunRow run, Slice slice) {
    Target target = engine(run).target();
    for (String lane : lanes(run)) {
      String partition = Rows.ofLane(run.id(), lane);
      for (String prefix : List.of(Rows.OPEN, Rows.DONE)) {
        for (Held<UnitRow> unit : ledger.all(partition, prefix, UnitRow.class)) {
          if (unit.value().claimed()) {
            target.abort(token(run), RestoreMapping.of(run).target(unit.value()));
            ledger.discard(partition, List.of(unit.row().sort()));
            if (slice.over()) {
              return false;
            }
          }
        }
      }
    }
    target.discard(token(run));
    return true;
  }

  /** Releases what was acquired for a run after it was closed; nothing where it is not closed. */
  void releaseAgain(String id) {
    Optional<RunRow> closed = ledger.run(id).map(Held::value).filter(RunRow::closed);
    if (closed.isPresent()) {
      RunRow run = closed.get();
      if (run.kind() == RunRow.Kind.BACKUP) {
        engine(run).guard().ifPresent(guard -> guard.drop(token(run)));
        engine(run).source().releaseAll(token(run));
      } else if (run.kind() == RunRow.Kind.RESTORE && run.status() != Status.SUCCESS) {
        engine(run).target().discard(token(run));
      }
      unpin(run);
    }
  }

  private void unpin(RunRow run) {
    String partition = Rows.cluster(run.source());
    String backup = run.kind() == RunRow.Kind.BACKUP ? run.facts().base() : run.backupId();
    if (backup == null) {
      return;
    }
    String sort = Rows.backup(run.vault(), backup);
    while (true) {
      Optional<Held<BackupRow>> row =
          ledger
              .find(partition, sort, BackupRow.class)
              .filter(held -> held.value().pins().contains(run.id()));
      if (row.isEmpty()
          || ledger.commit(
              Commit.in(partition)
                  .replace(
                      row.get().row(), RowCodec.write(row.get().value().unpinned(run.id()))))) {
        return;
      }
    }
  }

  /** However short the slice, some rows go; a lane without any would be met again for ever. */
  private boolean deleteRows(RunRow run, Slice slice) {
    for (String lane : lanes(run)) {
      if (deleteRows(Rows.ofLane(run.id(), lane)) && slice.over()) {
        return false;
      }
    }
    deleteRows(Rows.ofRun(run.id()));
    return true;
  }

  /**
   * Until there are none: who still works may turn an open row into a done one meanwhile.
   *
   * @return whether there were any
   */
  private boolean deleteRows(String partition) {
    List<Row> rows = ledger.rows(partition, "");
    boolean any = !rows.isEmpty();
    while (!rows.isEmpty()) {
      ledger.discard(partition, rows.stream().map(Row::sort).toList());
      rows = ledger.rows(partition, "");
    }
    return any;
  }

  private List<String> lanes(RunRow run) {
    List<String> lanes = new ArrayList<>();
    for (String prefix : List.of(Rows.LANE_OPEN, Rows.LANE_DONE)) {
      for (Held<LaneRow> lane : ledger.all(Rows.ofRun(run.id()), prefix, LaneRow.class)) {
        lanes.add(lane.value().lane());
      }
    }
    return lanes;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
