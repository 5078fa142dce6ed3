package dev.tidemark.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands that take a run of any kind. */
abstract class RunCommand implements Callable<Integer> {
  final Session session;

  @Parameters(paramLabel = "RUN", description = "The run's id, as 'run list' prints it.")
  String run = "";

  private RunCommand(Session session) {
    this.session = session;
  }

  /** {@code tidemark run show}. */
  @Command(name = "show", description = "Shows how far a run is, and what came of it.")
  static final class Show extends RunCommand {
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

  /** {@code tidemark run cancel}. */
  @Command(name = "cancel", description = "Cancels a run in progress, whatever it does.")
  static final class Cancel extends RunCommand {
    Cancel(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String id = Arguments.run(run);
      return session.followToCancellation(session.open().cancelRun(id));
    }
  }
}
