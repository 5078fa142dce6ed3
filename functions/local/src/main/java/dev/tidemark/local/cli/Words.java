package dev.tidemark.local.cli;

import dev.tidemark.core.control.RunView;

/** Commands that one command tells people to type. */
final class Words {
  private Words() {}

  static String resume(RunView run) {
    return command(run.kind() == RunView.Kind.VERIFY ? "show" : "resume", run);
  }

  static String cancel(RunView run) {
    return command("cancel", run);
  }

  private static String command(String verb, RunView run) {
    return switch (run.kind()) {
      case BACKUP -> "tidemark backup %s %s --cluster %s".formatted(verb, run.id(), run.cluster());
      case RESTORE -> "tidemark restore %s %s".formatted(verb, run.run());
      case VERIFY -> "tidemark run %s %s".formatted(verb, run.run());
    };
  }

  /** What a run is, with its backup's id. */
  static String title(RunView run) {
    return switch (run.kind()) {
      case BACKUP -> "backup " + run.id();
      case RESTORE -> "restore of backup " + run.id();
      case VERIFY -> "verification of backup " + run.id();
    };
  }
}
