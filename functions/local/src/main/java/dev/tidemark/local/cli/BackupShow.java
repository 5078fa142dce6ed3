package dev.tidemark.local.cli;

import dev.tidemark.core.control.BackupDetails;
import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.BackupView;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark backup show}. */
@Command(name = "show", description = "Shows all that a backup says of itself.")
final class BackupShow implements Callable<Integer> {
  private final Session session;

  @Mixin BackupArguments backup = new BackupArguments();

  BackupShow(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    BackupName name = backup.name(session);
    BackupDetails details = session.open().backup(name);
    if (session.output.isJson()) {
      session.output.json(json -> json.object(() -> JsonViews.details(json, details)));
    } else {
      print(details.backup());
      print(details);
    }
    return ExitCode.DONE;
  }

  private void print(BackupView view) {
    Output out = session.output;
    out.field("backup", view.id());
    out.field("status", view.status().name());
    out.field("error", view.error());
    out.field("cluster", view.cluster() + " (" + view.clusterId() + ")");
    out.field("vault", Output.vault(view.vault(), view.path()));
    out.field("run", view.run());
    out.field("policy", view.policy());
    out.field("labels", Output.labels(view.labels()));
    out.field("base", view.base());
    out.field("started", out.time(view.startedAt()));
    out.field("completed", out.time(view.completedAt()));
    out.field("units", Units.count(view.units()));
    out.field("files", Units.count(view.files()));
    out.field("size", Units.bytes(view.bytes()));
    out.field("stored", Units.bytes(view.stored()));
  }

  private void print(BackupDetails details) {
    Output out = session.output;
    out.field("engine", (details.backup().engine() + " " + details.engineVersion()).strip());
    out.field("consistency", scoped(details));
    out.field("nodes", String.join(", ", details.nodes()));
    out.field("collections", String.join(", ", details.collections()));
    out.field("included", String.join(", ", details.include()));
    out.field("excluded", String.join(", ", details.exclude()));
    out.field("notes", joined(details.notes()));
    out.field("not included", joined(details.notIncluded()));
    out.field("also included", joined(details.alsoIncluded()));
    out.field("compression", details.compression());
    out.field("chunks", details.chunkBytes() > 0 ? Units.bytes(details.chunkBytes()) : "");
    out.field("encryption", details.encryption());
    out.field("configuration", details.configuration());
    out.field("written by", details.tidemark().isEmpty() ? "" : "tidemark " + details.tidemark());
    out.field("root", details.root());
    out.field("marks", String.join("\n", details.marks()));
  }

  private static String scoped(BackupDetails details) {
    return details.scope().isEmpty()
        ? details.consistency()
        : details.consistency() + ", of each " + details.scope();
  }

  private static String joined(Map<String, ?> values) {
    return values.entrySet().stream()
        .map(each -> each.getKey() + ": " + each.getValue())
        .sorted()
        .collect(Collectors.joining("\n"));
  }
}
