package dev.tidemark.local.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidemark completion}. */
@Command(
    name = "completion",
    description = {
      "Prints a completion script for bash and zsh.",
      "In bash: source <(tidemark completion)"
    })
final class Completion implements Callable<Integer> {
  private final Session session;

  @Spec CommandSpec spec;

  Completion(Session session) {
    this.session = session;
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    session.output.line(AutoComplete.bash("tidemark", spec.root().commandLine()));
    return ExitCode.DONE;
  }
}
