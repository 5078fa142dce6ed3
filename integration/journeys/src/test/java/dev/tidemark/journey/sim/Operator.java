package dev.tidemark.journey.sim;

import dev.tidemark.contract.fault.Crash;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.flow.Accepted;
import dev.tidemark.core.flow.BackupRequest;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.VerifyRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A person who asks again until there is an answer. */
public final class Operator {
  private static final int PATIENCE = 30;

  private final World world;

  public Operator(World world) {
    this.world = world;
  }

  public Accepted backup(BackupRequest request) {
    return ask(dispatcher -> dispatcher.backup(request));
  }

  public Accepted backup(String cluster, String id) {
    return backup(BackupRequest.of(cluster).withId(id));
  }

  public Accepted restore(RestoreRequest request) {
    return ask(dispatcher -> dispatcher.restore(request));
  }

  public Accepted verify(VerifyRequest request) {
    return ask(dispatcher -> dispatcher.verify(request));
  }

  public void cancel(String run) {
    ask(
        dispatcher -> {
          dispatcher.cancel(run);
          return true;
        });
  }

  public void resume(String run) {
    ask(
        dispatcher -> {
          dispatcher.resume(run);
          return true;
        });
  }

  /** Cancels, unless it is too late. */
  public void cancelIfPossible(String run) {
    try {
      cancel(run);
    } catch (PermanentFailure e) {
      if (e.kind() != PermanentFailure.Kind.CONFLICT) {
        throw e;
      }
    }
  }

  /** Resumes, unless there is nothing to resume any more; whether it did. */
  public boolean resumeIfPossible(String run) {
    try {
      resume(run);
      return true;
    } catch (PermanentFailure e) {
      if (e.kind() != PermanentFailure.Kind.CONFLICT) {
        throw e;
      }
      return false;
    }
  }

  private <T> T ask(Function<Dispatcher, T> question) {
    for (int i = 0; i < PATIENCE; i++) {
      try {
        return question.apply(world.worker().dispatcher());
      } catch (Crash crash) {
        world.crashed();
      } catch (TransientFailure e) {
        world.pause(Duration.ofSeconds(1));
      }
    }
    throw new AssertionError("no answer after " + PATIENCE + " questions");
  }

  /** A run as the table has it now. */
  public RunView run(String run) {
    Optional<RunView> view = new Register(world.table, world.settings()).run(run);
    return view.orElseThrow(() -> new AssertionError("no run " + run));
  }

  public List<RunView> runs(String cluster) {
    return new Register(world.table, world.settings()).runs(cluster);
  }

  /** Lets the world work until a run has reached an end, whatever it owes still. */
  public RunView end(String run) {
    world.workUntil(() -> run(run).status().terminal());
    return run(run);
  }

  /** Lets the world work until there is nothing left to do. */
  public RunView settled(String run) {
    world.settle();
    return run(run);
  }
}
