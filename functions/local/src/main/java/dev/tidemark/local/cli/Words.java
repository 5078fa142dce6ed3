package dev.tidemark.local.cli;

import dev.tidemark.core.control.RunView;

/** Commands that one command tells people to type. */
final class Words {
  private Words() {}

  static String resume(RunView run) {
    return command("resume", run);
  }

  static String cancel(RunView run) {
    return command("cancel", run);
  }

  private static String command(String verb, RunView run) {
    return run.kind() == RunView.Kind.BACKUP
        ? "tidemark backup %s %s --cluster %s".formatted(verb, run.id(), run.cluster())
        : "tidemark restore %s %s".formatted(verb, run.run());
  }
}
