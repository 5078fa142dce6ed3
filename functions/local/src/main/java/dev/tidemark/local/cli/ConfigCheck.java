package dev.tidemark.local.cli;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.Reading;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tidemark config check}. */
@Command(
    name = "check",
    description = "Reads the configuration, and lists everything that is wrong in it.")
final class ConfigCheck implements Callable<Integer> {
  private final Session session;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "The file. Default: the one that other commands use.")
  @Nullable Path file;

  ConfigCheck(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.requireLocal("config check");
    Path checked =
        file != null
            ? file
            : session
                .configurationFile()
                .orElseThrow(
                    () ->
                        PermanentFailure.of(Kind.NOT_FOUND, "configuration")
                            .expected("FILE, --config, ./tidemark.yaml or $TIDEMARK_CONFIG")
                            .found("none of them"));
    Reading reading = session.read(checked);
    if (session.output.isJson()) {
      session.output.json(json -> json.object(() -> write(json, reading)));
    } else {
      print(reading);
    }
    return reading.problems().isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  private void print(Reading reading) {
    reading.problems().forEach(p -> session.environment.err().println(p.sentence()));
    reading.notices().forEach(session.output::note);
    Configuration configuration = reading.configuration();
    if (configuration == null) {
      session.output.line(
          "%s: %s".formatted(reading.file(), Units.count(reading.problems().size(), "error")));
      return;
    }
    session.output.line(reading.file() + ": good");
    session.output.field("vaults", String.join(", ", configuration.vaults().keySet()));
    session.output.field("clusters", String.join(", ", configuration.clusters().keySet()));
    session.output.field("policies", String.join(", ", configuration.policies().keySet()));
    session.output.field("digest", configuration.digest());
  }

  private static void write(Json json, Reading reading) {
    Configuration configuration = reading.configuration();
    json.field("file", reading.file());
    json.field("digest", configuration == null ? null : configuration.digest());
    json.array(
        "problems",
        () ->
            reading
                .problems()
                .forEach(
                    problem ->
                        json.object(
                            () -> {
                              json.field("line", problem.line());
                              json.field("column", problem.column());
                              json.field("where", problem.where());
                              json.field("expected", problem.expected());
                              json.field("found", problem.found());
                              json.field("hint", JsonViews.emptyAsNull(problem.hint()));
                            })));
    json.texts("notices", reading.notices());
  }
}
