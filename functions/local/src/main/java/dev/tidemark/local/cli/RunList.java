package dev.tidemark.local.cli;

import dev.tidemark.core.control.RunFilter;
import dev.tidemark.core.control.RunView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark run list}. */
@Command(name = "list", description = "Lists backups and restores in progress or ended.")
final class RunList implements Callable<Integer> {
  private final Session session;

  @Mixin ListOptions filter = new ListOptions();

  RunList(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    var request =
        new RunFilter(
            filter.cluster,
            Arguments.statuses(filter.statuses),
            Arguments.since(filter.since, session.environment),
            Arguments.limit(filter.limit));
    List<RunView> runs = session.open().runs(request);
    if (session.output.isJson()) {
      session.output.json(
          json ->
              json.object(
                  () ->
                      json.array(
                          "runs",
                          () -> runs.forEach(run -> json.object(() -> JsonViews.run(json, run))))));
      return ExitCode.DONE;
    }
    if (runs.isEmpty()) {
      session.output.line("no runs");
      return ExitCode.DONE;
    }
    var table = new Table("RUN", "KIND", "BACKUP", "STATUS", "STARTED", ">UNITS", ">SIZE", "ERROR");
    for (RunView run : runs) {
      table.row(
          run.run(),
          run.kind().name(),
          run.id(),
          run.status().name(),
          session.output.time(run.startedAt()),
          Units.count(run.unitsDone()) + "/" + Units.count(run.units()),
          Units.bytes(run.bytes()),
          run.error());
    }
    table.print(session.output.out());
    return ExitCode.DONE;
  }
}
