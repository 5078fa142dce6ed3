package dev.tidemark.local.cli;

import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.RunView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark backup resume}. */
@Command(
    name = "resume",
    description = "Goes on with a backup that was interrupted, or failed within its resume window.")
final class BackupResume implements Callable<Integer> {
  private final Session session;

  @Mixin BackupArguments backup = new BackupArguments();

  @Option(names = "--detach", description = "Do not wait.")
  boolean detach;

  BackupResume(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    BackupName name = backup.name(session);
    RunView run = session.open().resumeBackup(name);
    if (detach) {
      session.output.run(run);
      return ExitCode.DONE;
    }
    return session.follow(run);
  }
}
