package dev.tidemark.local.cli;

import dev.tidemark.core.control.BackupFilter;
import dev.tidemark.core.control.BackupView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark backup list}. */
@Command(name = "list", description = "Lists backups, the newest first.")
final class BackupList implements Callable<Integer> {
  private final Session session;

  @Mixin ListOptions filter = new ListOptions();
  @Mixin VaultOption vault = new VaultOption();

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "Only those with this label. Repeatable: with all of them.")
  List<String> labels = new ArrayList<>();

  BackupList(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    var request =
        new BackupFilter(
            filter.cluster,
            vault.placeOrConfigured(session),
            Arguments.statuses(filter.statuses),
            Arguments.labels(labels),
            Arguments.since(filter.since, session.environment),
            Arguments.limit(filter.limit));
    List<BackupView> backups = session.open().backups(request);
    if (session.output.isJson()) {
      session.output.json(
          json ->
              json.object(
                  () ->
                      json.array(
                          "backups",
                          () ->
                              backups.forEach(
                                  backup -> json.object(() -> JsonViews.backup(json, backup))))));
    } else {
      print(backups);
    }
    return ExitCode.DONE;
  }

  private void print(List<BackupView> backups) {
    if (backups.isEmpty()) {
      session.output.line("no backups");
      return;
    }
    var table =
        new Table(
            "ID", "CLUSTER", "STATUS", "STARTED", ">TOOK", ">FILES", ">SIZE", ">STORED", "BASE",
            "VAULT", "LABELS");
    for (BackupView backup : backups) {
      table.row(
          backup.id(),
          backup.cluster(),
          backup.status() + (backup.missing() > 0 ? "*" : ""),
          session.output.time(backup.startedAt()),
          backup.completedAt() == null
              ? ""
              : Units.duration(Duration.between(backup.startedAt(), backup.completedAt())),
          Units.count(backup.files()),
          Units.bytes(backup.bytes()),
          Units.bytes(backup.stored()),
          backup.base() == null ? "" : backup.base(),
          backup.vault().isEmpty() ? backup.path() : backup.vault(),
          Output.labels(backup.labels()));
    }
    table.print(session.output.out());
    if (backups.stream().anyMatch(backup -> backup.missing() > 0)) {
      session.output.line("* does not hold everything: see 'tidemark backup show ID'");
    }
  }
}
