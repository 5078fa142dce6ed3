package dev.tidemark.local.cli;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands that take a restore's run. */
abstract class RestoreRun implements Callable<Integer> {
  private static final Pattern RUN = Pattern.compile("[a-z0-9-]{1,40}[.][a-z0-9]{12}");

  final Session session;

  @Parameters(paramLabel = "RUN", description = "The run's id, as 'restore create' prints it.")
  String run = "";

  private RestoreRun(Session session) {
    this.session = session;
  }

  String checkedRun() {
    if (!RUN.matcher(run).matches()) {
      throw PermanentFailure.of(Kind.INVALID, "run")
          .expected("CLUSTER.WRITER")
          .found("'" + run + "'")
          .hint("see 'tidemark run list'");
    }
    return run;
  }

  /** {@code tidemark restore show}. */
  @Command(name = "show", description = "Shows how far a restore is.")
  static final class Show extends RestoreRun {
    Show(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String id = checkedRun();
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
      String id = checkedRun();
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
      String id = checkedRun();
      return session.follow(session.open().resumeRestore(id));
    }
  }
}
