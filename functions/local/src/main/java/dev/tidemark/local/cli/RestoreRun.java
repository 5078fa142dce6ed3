package dev.tidemark.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands that take a restore's run. */
abstract class RestoreRun implements Callable<Integer> {
  final Session session;

  @Parameters(paramLabel = "RUN", description = "The run's id, as 'restore create' prints it.")
  String run = "";

  private RestoreRun(Session session) {
    this.session = session;
  }

  /** {@code tidemark restore show}. */
  @Command(name = "show", description = "Shows how far a restore is.")
  static final class Show extends RestoreRun {
    Show(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String id = Arguments.run(run);
      session.output.run(session.open().run(id));
      return ExitCode.DONE;
    }
  }

  /** {@code tidemark restore cancel}. */
  @Command(
      name = "cancel",
      description = "Cancels a restore in progress, and removes what it has not finished.")
  static final class Cancel extends RestoreRun {
    Cancel(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String id = Arguments.run(run);
      return session.followToCancellation(session.open().cancelRestore(id));
    }
  }

  /** {@code tidemark restore resume}. */
  @Command(
      name = "resume",
      description = "Goes on with a restore that was interrupted, or failed within its window.")
  static final class Resume extends RestoreRun {
    Resume(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String id = Arguments.run(run);
      return session.follow(session.open().resumeRestore(id));
    }
  }
}
