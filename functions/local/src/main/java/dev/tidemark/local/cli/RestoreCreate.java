package dev.tidemark.local.cli;

import dev.tidemark.core.control.CreateRestore;
import dev.tidemark.core.control.RestorePlan;
import dev.tidemark.core.control.RunView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark restore create}. */
@Command(
    name = "create",
    description = {
      "Restores a backup, and waits for the end. What exists is not touched unless --replace says so.",
      "From a bare vault, without a configuration: restore create ID --vault-path DIR --to DIR",
      "Ctrl-C ends the waiting (exit code 3), not the run: 'restore resume RUN' goes on with it."
    })
final class RestoreCreate implements Callable<Integer> {
  private final Session session;

  @Mixin BackupArguments backup = new BackupArguments();

  @Option(
      names = "--include",
      paramLabel = "NAME",
      split = ",",
      description = "Only these collections, or collection/shard; * in them stands for anything.")
  List<String> include = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "NAME",
      split = ",",
      description = "All but these collections, or collection/shard.")
  List<String> exclude = new ArrayList<>();

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description =
          "Only this and what is below it, as 'backup contents' shows it: collection/shard/path."
              + " Repeatable.")
  List<String> paths = new ArrayList<>();

  @Option(
      names = "--rename",
      paramLabel = "FROM=TO",
      description =
          "Another name for collections: what * stands for in FROM, it stands for in TO. Repeatable:"
              + " the first that matches.")
  List<String> renames = new ArrayList<>();

  @Option(
      names = "--suffix",
      paramLabel = "TEXT",
      description = "Append this to the names of all collections.")
  @Nullable String suffix;

  @Option(
      names = "--node",
      paramLabel = "FROM=TO",
      description =
          "Place what was on node FROM on node TO. Repeatable. Otherwise shards go to the node of"
              + " the same name, or where there is room.")
  List<String> nodes = new ArrayList<>();

  @Option(
      names = "--into",
      paramLabel = "CLUSTER",
      description = "Restore onto this cluster, instead of the one that the backup is of.")
  @Nullable String into;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Restore collections as folders of this one, instead of onto the cluster.")
  @Nullable Path to;

  @Option(names = "--replace", description = "Replace what exists.")
  boolean replace;

  @Option(
      names = "--plan",
      description = "Print what would be restored where, and what is in the way. Starts nothing.")
  boolean plan;

  @Option(names = "--wait", description = "Wait for the end. The default.")
  boolean wait;

  @Option(names = "--detach", description = "Do not wait.")
  boolean detach;

  RestoreCreate(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    boolean detached = Waiting.isDetached(wait, detach);
    CreateRestore request = request();
    if (plan) {
      RestorePlan planned = session.open().planRestore(request);
      print(planned);
      return planned.problems().isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
    }
    RunView run = session.open().createRestore(request);
    if (detached) {
      session.output.run(run);
      return ExitCode.DONE;
    }
    return session.follow(run);
  }

  private CreateRestore request() {
    Arguments.selection(include, exclude);
    return new CreateRestore(
        backup.name(session),
        include,
        exclude,
        Arguments.paths(paths),
        Arguments.renames(renames),
        Arguments.suffix(suffix),
        Arguments.nodes(nodes),
        into,
        to == null ? null : session.environment.folder().resolve(to).normalize(),
        replace);
  }

  private void print(RestorePlan planned) {
    Output out = session.output;
    if (out.isJson()) {
      out.json(json -> json.object(() -> JsonViews.plan(json, planned)));
      return;
    }
    var table = new Table("FROM", "TO", "PLACE", ">FILES", ">SIZE", "IN THE WAY");
    for (RestorePlan.Mapping mapping : planned.mappings()) {
      table.row(
          mapping.from(),
          mapping.to(),
          mapping.location(),
          Units.count(mapping.files()),
          Units.bytes(mapping.bytes()),
          mapping.conflict());
    }
    table.print(out.out());
    out.line(
        "backup %s of %s: %s files, %s"
            .formatted(
                planned.id(),
                planned.cluster(),
                Units.count(planned.files()),
                Units.bytes(planned.bytes())));
    for (RestorePlan.Volume volume : planned.volumes()) {
      String free =
          volume.free().isPresent() ? Units.bytes(volume.free().getAsLong()) : "an unknown amount";
      out.line(
          "%s: needs %s, has %s".formatted(volume.volume(), Units.bytes(volume.needed()), free));
    }
    planned.problems().forEach(problem -> out.line("refused: " + problem));
  }
}
