package dev.tidemark.local.cli;

import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.ContentsRequest;
import dev.tidemark.core.control.Control.EntryView;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.local.app.Tidemark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark backup contents}. */
@Command(
    name = "contents",
    description = {
      "Lists what is in a backup: mode, size, time, and collection/shard/path.",
      "Bytes that are no UTF-8, control characters and %% are shown as %%XX."
    })
final class BackupContents implements Callable<Integer> {
  private final Session session;

  @Mixin BackupArguments backup = new BackupArguments();

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Only this and what is below it: collection/shard/path. Repeatable.")
  List<String> paths = new ArrayList<>();

  BackupContents(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    BackupName name = backup.name(session);
    var request = new ContentsRequest(name, Arguments.paths(paths));
    Tidemark tidemark = session.open();
    if (session.output.isJson()) {
      session.output.json(
          json ->
              json.object(
                  () -> {
                    json.field("id", name.id());
                    json.array(
                        "entries",
                        () ->
                            tidemark.contents(
                                request, entry -> json.object(() -> write(json, entry))));
                  }));
    } else {
      tidemark.contents(request, entry -> session.output.line(line(entry)));
    }
    return ExitCode.DONE;
  }

  private static void write(Json json, EntryView view) {
    json.field("collection", view.collection());
    json.field("shard", view.shard());
    json.field("path", view.entry().path().toString());
    JsonViews.attributes(json, view.entry());
  }

  private String line(EntryView view) {
    Entry entry = view.entry();
    var meta = entry.meta();
    String target = meta.target() == null ? "" : " -> " + meta.target();
    return String.format(
        Locale.ROOT,
        "%s%04o  %10s  %s  %s%s",
        letter(meta.type()),
        meta.mode(),
        meta.type() == FileType.FILE ? Units.bytes(meta.size()) : "",
        session.output.time(Instant.ofEpochSecond(meta.mtimeSeconds(), meta.mtimeNanos())),
        path(view.collection(), view.shard(), entry),
        target);
  }

  /** {@code collection/shard/path}, as {@code --path} takes it. */
  static String path(String collection, String shard, Entry entry) {
    String unit = PathText.show(collection) + (shard.isEmpty() ? "" : "/" + PathText.show(shard));
    return entry.path().isRoot() ? unit : unit + "/" + PathText.show(entry.path().bytes());
  }

  private static String letter(FileType type) {
    return switch (type) {
      case FILE -> "-";
      case DIRECTORY -> "d";
      case SYMLINK -> "l";
      case HARDLINK -> "h";
    };
  }
}
