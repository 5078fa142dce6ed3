package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes a restore visible once every unit is written and still there, unit by unit, and ends it
 * only when the engine shows what the backup says: the structure, and counts inside the census
 * bracket.
 */
final class RestoreFinisher implements Step {
  private static final int UNITS_PER_SAVE = 100;

  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final LaneKeeper lanes;
  private final RunEnder ender;

  RestoreFinisher(
      Platform platform, Ledger ledger, Archives archives, LaneKeeper lanes, RunEnder ender) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
    this.lanes = lanes;
    this.ender = ender;
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<Held<RunRow>> held = ledger.run(item.run());
    if (held.isEmpty() || held.get().value().kind() != RunRow.Kind.RESTORE) {
      return List.of();
    }
    RunRow run = held.get().value();
    return switch (run.status()) {
      case TRANSFERRING -> {
        if (ledger.any(Rows.ofRun(run.id()), Rows.LANE_OPEN)) {
          yield lanes.begin(run);
        }
        yield inTurn(held.get(), slice, turn -> transferred(held.get(), item, turn, slice));
      }
      case TRANSFERRED -> finalizing(held.get(), item);
      case FINALIZING -> inTurn(held.get(), slice, turn -> finish(held.get(), item, turn, slice));
      case VOIDING -> ender.voidOut(run.id());
      case SUCCESS -> RunEnder.close(run.id());
      default -> List.of();
    };
  }

  private List<Next> inTurn(Held<RunRow> held, Slice slice, Function<PlanCursor, List<Next>> work) {
    Optional<PlanCursor> turn = PlanCursor.take(platform, ledger, held, slice);
    return turn.isEmpty() ? List.of() : turn.get().during(() -> work.apply(turn.get()));
  }

  private List<Next> transferred(Held<RunRow> held, WorkItem item, PlanCursor turn, Slice slice) {
    return switch (new PlaceCheck(platform, ledger, held.value(), turn).look(slice)) {
      case ALL -> moved(held, Status.TRANSFERRED, item);
      case NOT_ALL -> lanes.begin(held.value());
      case NOT_YET -> List.of(Next.now(item));
    };
  }

  private List<Next> moved(Held<RunRow> held, Status status, WorkItem item) {
    RunRow moved = held.value().with(status, now());
    ledger.commit(Commit.in(held.row().partition()).replace(held.row(), RowCodec.write(moved)));
    return List.of(Next.now(item));
  }

  /**
   * From now on the cluster may show restored data, whose file numbers and times a later backup
   * must not take for those of an earlier one: it gets a new cluster id.
   */
  private List<Next> finalizing(Held<RunRow> held, WorkItem item) {
    RunRow run = held.value();
    if (!run.wish().place().isEmpty()) {
      return moved(held, Status.FINALIZING, item);
    }
    String partition = held.row().partition();
    String fingerprint =
        platform.site().engine(run.config(), run.cluster()).catalog().describe().fingerprint();
    String identity =
        RowCodec.write(
            new IdentityRow(1, run.cluster() + "-" + platform.ids().text(8), fingerprint));
    Optional<Held<IdentityRow>> known = ledger.find(partition, Rows.IDENTITY, IdentityRow.class);
    Commit commit =
        Commit.in(partition)
            .replace(held.row(), RowCodec.write(run.with(Status.FINALIZING, now())));
    ledger.commit(
        known.isPresent()
            ? commit.replace(known.get().row(), identity)
            : commit.create(Rows.IDENTITY, identity));
    return List.of(Next.now(item));
  }

  private List<Next> finish(Held<RunRow> held, WorkItem item, PlanCursor turn, Slice slice) {
    RunRow run = held.value();
    StorageEngine engine = platform.site().engine(run.config(), run.cluster());
    RunToken token = new RunToken(platform.deployment(), run.writer());
    if (!makeVisible(run, engine.target(), token, turn, slice)) {
      return List.of(Next.now(item));
    }
    Source.Progress shown = engine.target().finish(token);
    if (!shown.ready()) {
      if (!shown.why().isEmpty()) {
        platform.events().waits(item, shown.why());
      }
      turn.rest(platform.clock().instant().plus(shown.delay()));
      return List.of(new Next(item, shown.delay()));
    }
    turn.shown();
    check(run, engine);
    return ender.end(held, run.with(Status.SUCCESS, now()))
        ? RunEnder.close(run.id())
        : List.of(Next.now(item));
  }

  private boolean makeVisible(
      RunRow run, Target target, RunToken token, PlanCursor turn, Slice slice) {
    RestoreMapping mapping = RestoreMapping.of(run);
    long finished = turn.row().finished();
    long at = 0;
    for (Held<LaneRow> lane : ledger.all(Rows.ofRun(run.id()), Rows.LANE_DONE, LaneRow.class)) {
      if (at + lane.value().units() <= finished) {
        at += lane.value().units();
        continue;
      }
      String partition = Rows.ofLane(run.id(), lane.value().lane());
      for (Held<UnitRow> unit : ledger.all(partition, Rows.DONE, UnitRow.class)) {
        if (at++ < finished) {
          continue;
        }
        try {
          target.commit(token, mapping.target(unit.value()), PlaceCheck.place(unit.value()));
        } catch (PlaceGone e) {
          throw lost(run, e);
        } catch (TransientFailure | PermanentFailure e) {
          saveFinished(turn, finished, e);
          throw e;
        }
        finished++;
        if (slice.over()) {
          turn.finished(finished);
          return false;
        }
        if (finished % UNITS_PER_SAVE == 0) {
          turn.finished(finished);
        }
      }
    }
    turn.finished(finished);
    if (at != run.units()) {
      throw PermanentFailure.of(PermanentFailure.Kind.FAILED, "restore " + run.id())
          .expected(run.units() + " units that are written")
          .found(String.valueOf(at))
          .hint("start the restore again");
    }
    return true;
  }

  private static PermanentFailure lost(RunRow run, PlaceGone gone) {
    return PermanentFailure.of(PermanentFailure.Kind.FAILED, "restore " + run.id())
        .expected("all that it has written, to be shown")
        .found(String.valueOf(gone.getMessage()))
        .hint("the target has lost it this moment; start the restore again")
        .cause(gone);
  }

  /** Should this failure end the run, then it says how far it came. */
  private static void saveFinished(PlanCursor turn, long finished, RuntimeException because) {
    try {
      turn.finished(finished);
    } catch (TransientFailure | LeaseLost e) {
      because.addSuppressed(e);
    }
  }

  private void check(RunRow run, StorageEngine engine) {
    if (!run.wish().place().isEmpty()) {
      return;
    }
    Archive archive = archives.of(run);
    RestoreMapping mapping = RestoreMapping.of(run);
    Catalog catalog = engine.catalog();
    Set<String> present = new HashSet<>();
    ShardPages.each(catalog, shard -> present.add(shard.collection() + "/" + shard.shard()));
    List<Shard> restored = new ArrayList<>();
    for (Held<LaneRow> lane : ledger.all(Rows.ofRun(run.id()), Rows.LANE_DONE, LaneRow.class)) {
      String partition = Rows.ofLane(run.id(), lane.value().lane());
      for (Held<UnitRow> unit : ledger.all(partition, Rows.DONE, UnitRow.class)) {
        Target.TargetUnit to = mapping.target(unit.value());
        requirePresent(run, present, to, engine.target().shown(to));
        restored.addAll(unit.value().shards());
      }
    }
    if (run.wish().paths().isEmpty()) {
      CensusCheck.of(run, mapping, catalog).check(archive, restored);
    }
  }

  private static void requirePresent(
      RunRow run, Set<String> present, Target.TargetUnit to, String shown) {
    if (!present.contains(to.collection() + "/" + shown)) {
      throw PermanentFailure.of(PermanentFailure.Kind.FAILED, "restore " + run.id())
          .expected("shard '" + to.shard() + "' of collection " + to.collection())
          .found("the engine does not show it")
          .hint("look at the engine's own log");
    }
  }

  private long now() {
    return platform.clock().instant().toEpochMilli();
  }
}
