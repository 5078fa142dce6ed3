package dev.tidemark.local.cli;

import dev.tidemark.core.control.ClusterCheck;
import dev.tidemark.core.engine.Condition;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands that take a cluster. */
final class ClusterCommands {
  private ClusterCommands() {}

  /** {@code tidemark cluster check}. */
  @Command(
      name = "check",
      description = {
        "Looks whether backups of a cluster can be made as it is now, and whether its staging area"
            + " is as it must be. Starts nothing. Exit code 1 where something is in the way."
      })
  static final class Check implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CLUSTER", description = "A cluster of the configuration.")
    String cluster = "";

    Check(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      String name = session.configured("cluster", cluster, known -> known.clusters().keySet());
      ClusterCheck check = session.open().checkCluster(name);
      Output out = session.output;
      if (out.isJson()) {
        out.json(json -> json.object(() -> write(json, check)));
      } else {
        out.line("cluster %s: engine %s".formatted(check.name(), check.engine()));
        check.conditions().forEach(condition -> print(out, condition));
      }
      return check.good() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void print(Output out, Condition condition) {
      out.line(
          "%-7s  %s%s"
              .formatted(
                  condition.verdict() == Condition.Verdict.GOOD
                      ? "good"
                      : condition.verdict().name(),
                  condition.text(),
                  condition.found().isEmpty() ? "" : ": " + condition.found()));
      if (!condition.hint().isEmpty()) {
        out.line("         Hint: " + condition.hint());
      }
    }

    private static void write(Json json, ClusterCheck check) {
      json.field("name", check.name());
      json.field("engine", check.engine());
      json.field("good", check.good());
      json.array(
          "conditions",
          () -> check.conditions().forEach(condition -> json.object(() -> write(json, condition))));
    }

    private static void write(Json json, Condition condition) {
      json.field("text", condition.text());
      json.field("verdict", condition.verdict().name());
      json.field("found", JsonViews.emptyAsNull(condition.found()));
      json.field("hint", JsonViews.emptyAsNull(condition.hint()));
    }
  }
}
