package dev.tidemark.local.cli;

import dev.tidemark.core.control.RunView;
import dev.tidemark.core.verify.Finding;
import dev.tidemark.core.verify.Report;
import dev.tidemark.local.app.Tidemark.ProgressListener;
import java.io.PrintStream;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints answers, in the form that was asked for. */
final class Output {
  private final Environment environment;
  private final Globals globals;

  Output(Environment environment, Globals globals) {
    this.environment = environment;
    this.globals = globals;
  }

  boolean isJson() {
    return globals.json;
  }

  PrintStream out() {
    return environment.out();
  }

  /** Prints one JSON document. */
  void json(Consumer<Json> document) {
    try (Json json = new Json(environment.out())) {
      document.accept(json);
    }
    environment.out().println();
  }

  void line(String text) {
    environment.out().println(text);
  }

  /** Name and value, aligned; nothing where the value is empty. */
  void field(String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      environment.out().printf("%-14s %s%n", name, value.replace("\n", "\n" + " ".repeat(15)));
    }
  }

  /** For people only. */
  void note(String text) {
    environment.err().println("note: " + text);
  }

  String time(@Nullable Instant instant) {
    return instant == null ? "" : Units.time(instant, environment.zone());
  }

  /** Prints a run, at its end or not. */
  void run(RunView run) {
    if (isJson()) {
      json(json -> json.object(() -> JsonViews.run(json, run)));
      return;
    }
    line(Words.title(run) + ": " + run.status());
    field("run", run.run());
    field("cluster", run.cluster());
    field("vault", vault(run.vault(), run.path()));
    field("started", time(run.startedAt()));
    if (run.completedAt() != null) {
      field("completed", time(run.completedAt()));
    }
    if (run.units() > 0) {
      field("units", Units.count(run.unitsDone()) + " of " + Units.count(run.units()));
      field("files", Units.count(run.files()));
      field("size", Units.bytes(run.bytes()));
    }
    if (run.kind() == RunView.Kind.BACKUP && run.units() > 0) {
      field("stored", Units.bytes(run.stored()));
    }
    field("error", run.error());
    if (run.report() != null) {
      report(run.report());
    }
    if (run.resumableUntil() != null) {
      field("resumable", "until " + time(run.resumableUntil()) + " by: " + Words.resume(run));
    }
  }

  private void report(Report report) {
    field("objects", Units.count(report.objects()));
    for (Finding finding : report.findings()) {
      field("damaged", finding.object() + ": " + finding.problem());
      finding.files().forEach(file -> field("  file", file.toString()));
    }
  }

  /** Says goodbye to a run that goes on without this process. */
  void interrupted(RunView run) {
    environment
        .err()
        .printf(
            "%nInterrupted. The run is not canceled, and what it holds on the engine stays held."
                + "%nIt goes on by `%s`, and ends by `%s`.%n",
            Words.resume(run), Words.cancel(run));
    environment.err().flush();
  }

  Progressing progress(String title) {
    if (globals.noProgress) {
      return new Progressing(ProgressListener.NONE);
    }
    return environment.columns() > 0
        ? new Progressing(new TerminalProgress(environment, title))
        : new Progressing(new LineProgress(environment, title));
  }

  /** A vault for a person: one that no configuration names goes by its place alone. */
  static String vault(String name, String place) {
    boolean configured = !name.isEmpty() && name.indexOf('.') < 0;
    return configured ? name + " (" + place + ")" : place;
  }

  static String labels(java.util.Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** A display that is cleared when the work has ended. */
  static final class Progressing implements ProgressListener, AutoCloseable {
    private final ProgressListener display;

    Progressing(ProgressListener display) {
      this.display = display;
    }

    @Override
    public void progress(dev.tidemark.local.app.Progress progress) {
      display.progress(progress);
    }

    @Override
    public void close() {
      if (display instanceof TerminalProgress terminal) {
        terminal.clear();
      }
    }
  }
}
