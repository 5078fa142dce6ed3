package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.util.List;
import java.util.Optional;

/** Cancels a run, as long as nothing of it was sealed or made visible. */
final class RunCanceler implements Step {
  private final Platform platform;
  private final Ledger ledger;
  private final RunEnder ender;

  RunCanceler(Platform platform, Ledger ledger, RunEnder ender) {
    this.platform = platform;
    this.ledger = ledger;
    this.ender = ender;
  }

  /**
   * Notes the wish; workers find it at their next checkpoint. The same wish again is harmless.
   *
   * @throws PermanentFailure CONFLICT where the run has ended otherwise, or is being finalized
   */
  List<Next> request(String run) {
    while (true) {
      Held<RunRow> held = ledger.requireRun(run);
      Status status = held.value().status();
      if (status == Status.CANCELED) {
        return List.of();
      }
      if (status == Status.CANCELLING) {
        return cancel(run);
      }
      if (!status.cancellable()) {
        throw PermanentFailure.of(PermanentFailure.Kind.CONFLICT, "run " + run)
            .expected("a run that is STARTED, TRANSFERRING or TRANSFERRED")
            .found(status.toString())
            .hint(
                status.terminal()
                    ? "it has ended; there is nothing to cancel"
                    : "it is being finalized and ends by itself in a moment");
      }
      RunRow cancelling =
          held.value().with(Status.CANCELLING, platform.clock().instant().toEpochMilli());
      if (ledger.commit(
          Commit.in(held.row().partition()).replace(held.row(), RowCodec.write(cancelling)))) {
        return cancel(run);
      }
    }
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    Optional<Held<RunRow>> held = ledger.run(item.run());
    if (held.isEmpty() || held.get().value().status() == Status.CANCELED) {
      return RunEnder.close(item.run());
    }
    if (held.get().value().status() != Status.CANCELLING) {
      return List.of();
    }
    RunRow canceled =
        held.get().value().with(Status.CANCELED, platform.clock().instant().toEpochMilli());
    return ender.end(held.get(), canceled) ? RunEnder.close(item.run()) : List.of(Next.now(item));
  }

  private static List<Next> cancel(String run) {
    return List.of(Next.now(WorkItem.ofRun(WorkItem.Kind.RUN_CANCEL, run)));
  }
}
