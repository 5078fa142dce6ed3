package dev.tidemark.local.cli;

import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.DiffTotals;
import dev.tidemark.core.control.DiffView;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.local.app.Tidemark;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark backup diff}. */
@Command(
    name = "diff",
    description = {
      "Lists what two backups of a cluster do not have alike.",
      "+ added, - removed, * other content, ~ other attributes."
    })
final class BackupDiff implements Callable<Integer> {
  private final Session session;

  @Parameters(index = "0", paramLabel = "FROM", description = "The id of the one backup.")
  String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "The id of the other backup.")
  String to = "";

  @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster they are of.")
  @Nullable String cluster;

  @Mixin VaultOption vault = new VaultOption();

  BackupDiff(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    BackupName before =
        new BackupName(Arguments.backupId(from), cluster, vault.placeOrConfigured(session));
    BackupName after = new BackupName(Arguments.backupId(to), cluster, before.vault());
    Tidemark tidemark = session.open();
    if (session.output.isJson()) {
      session.output.json(json -> json.object(() -> write(json, tidemark, before, after)));
    } else {
      print(tidemark.diff(before, after, this::print));
    }
    return ExitCode.DONE;
  }

  private static void write(Json json, Tidemark tidemark, BackupName before, BackupName after) {
    json.field("from", before.id());
    json.field("to", after.id());
    var totals = new DiffTotals[1];
    json.array(
        "differences",
        () ->
            totals[0] =
                tidemark.diff(
                    before,
                    after,
                    view ->
                        json.object(
                            () -> {
                              json.field("change", view.change().name());
                              json.field("collection", view.collection());
                              json.field("shard", view.shard());
                              json.field("path", either(view).path().toString());
                              JsonViews.entry(json, "before", view.before());
                              JsonViews.entry(json, "after", view.after());
                            })));
    DiffTotals total = totals[0];
    json.object(
        "totals",
        () -> {
          json.field("added", total.added());
          json.field("removed", total.removed());
          json.field("content", total.content());
          json.field("attributes", total.attributes());
          json.field("same", total.same());
          json.field("bytesAdded", total.bytesAdded());
          json.field("bytesRemoved", total.bytesRemoved());
          json.field("bytesChanged", total.bytesChanged());
        });
  }

  private void print(DiffView view) {
    session.output.line(
        sign(view.change())
            + " "
            + BackupContents.path(view.collection(), view.shard(), either(view)));
  }

  private void print(DiffTotals totals) {
    session.output.line(
        "%s added (%s), %s removed (%s), %s with other content (%s), %s with other attributes, %s alike"
            .formatted(
                Units.count(totals.added()),
                Units.bytes(totals.bytesAdded()),
                Units.count(totals.removed()),
                Units.bytes(totals.bytesRemoved()),
                Units.count(totals.content()),
                Units.bytes(totals.bytesChanged()),
                Units.count(totals.attributes()),
                Units.count(totals.same())));
  }

  private static Entry either(DiffView view) {
    Entry entry = view.after() != null ? view.after() : view.before();
    if (entry == null) {
      throw new IllegalStateException("a difference without an entry");
    }
    return entry;
  }

  private static String sign(DiffView.Change change) {
    return switch (change) {
      case ADDED -> "+";
      case REMOVED -> "-";
      case CONTENT -> "*";
      case ATTRIBUTES -> "~";
    };
  }
}
