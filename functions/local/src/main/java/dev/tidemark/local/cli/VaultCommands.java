package dev.tidemark.local.cli;

import dev.tidemark.core.control.VaultCheck;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.control.VaultView;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.local.app.RebuildReport;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.app.VaultStats;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that take a vault. */
abstract class VaultCommands implements Callable<Integer> {
  final Session session;

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "A vault of the configuration.")
  @Nullable String name;

  @Option(
      names = {"--path", "--vault-path"},
      paramLabel = "DIR",
      description = "The folder of a vault; needs no configuration.")
  @Nullable Path path;

  private VaultCommands(Session session) {
    this.session = session;
  }

  static String line(VaultCheck.Promise promise) {
    return (promise.kept() ? "kept    " : "BROKEN  ")
        + promise.text()
        + (promise.detail().isEmpty() ? "" : ": " + promise.detail());
  }

  static void write(Json json, List<VaultCheck.Promise> promises) {
    json.array(
        "promises",
        () ->
            promises.forEach(
                promise ->
                    json.object(
                        () -> {
                          json.field("text", promise.text());
                          json.field("kept", promise.kept());
                          json.field("detail", JsonViews.emptyAsNull(promise.detail()));
                        })));
  }

  VaultPlace place() {
    if ((name == null) == (path == null)) {
      throw PermanentFailure.of(Kind.INVALID, "vault")
          .expected("the name of a configured vault, or --path DIR")
          .found(name == null ? "neither" : "both");
    }
    return path != null
        ? new VaultPlace.Folder(session.environment.folder().resolve(path).normalize())
        : new VaultPlace.Named(VaultOption.named(session, name == null ? "" : name));
  }

  /** {@code tidemark vault create}. */
  @Command(name = "create", description = "Makes a vault of an empty or absent folder.")
  static final class Create extends VaultCommands {
    Create(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      VaultPlace place = place();
      VaultView vault = session.open().createVault(place);
      Output out = session.output;
      if (out.isJson()) {
        out.json(
            json ->
                json.object(
                    () -> {
                      json.field("name", JsonViews.emptyAsNull(vault.name()));
                      json.field("path", vault.path());
                      json.field("id", vault.id());
                      json.field("format", vault.format());
                      json.field("created", vault.created());
                      write(json, vault.probed());
                    }));
      } else {
        vault.probed().forEach(promise -> out.line(line(promise)));
        out.line(
            "vault %s %s: id %s, format %s"
                .formatted(
                    vault.path(),
                    vault.created() ? "created" : "is there already",
                    vault.id(),
                    vault.format()));
      }
      return ExitCode.DONE;
    }
  }

  /** {@code tidemark vault check}. */
  @Command(
      name = "check",
      description = {
        "Tries whether a vault's store keeps what Tidemark relies on. Exit code 1 where it does not."
      })
  static final class Check extends VaultCommands {
    Check(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      VaultPlace place = place();
      VaultCheck check = session.open().checkVault(place);
      Output out = session.output;
      if (out.isJson()) {
        out.json(json -> json.object(() -> write(json, check)));
      } else {
        out.line("vault " + check.path() + ": id " + check.id());
        for (VaultCheck.Promise promise : check.promises()) {
          out.line(line(promise));
        }
      }
      return check.good() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void write(Json json, VaultCheck check) {
      json.field("name", JsonViews.emptyAsNull(check.name()));
      json.field("path", check.path());
      json.field("id", check.id());
      json.field("good", check.good());
      VaultCommands.write(json, check.promises());
    }
  }

  /** {@code tidemark vault stats}. */
  @Command(name = "stats", description = "Counts what lies in a vault.")
  static final class Stats extends VaultCommands {
    Stats(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      VaultPlace place = place();
      VaultStats stats = session.open().vaultStats(place);
      if (session.output.isJson()) {
        session.output.json(json -> json.object(() -> JsonViews.stats(json, stats)));
      } else {
        print(stats);
      }
      return ExitCode.DONE;
    }

    private void print(VaultStats stats) {
      Output out = session.output;
      out.line("vault " + stats.path() + ": id " + stats.id());
      var kinds = new Table("KIND", ">OBJECTS", ">SIZE");
      stats
          .kinds()
          .forEach(k -> kinds.row(k.kind(), Units.count(k.objects()), Units.bytes(k.bytes())));
      kinds.print(out.out());
      var clusters =
          new Table("CLUSTER", "ID", ">BACKUPS", "OLDEST", "NEWEST", ">CONTENT", ">STORED");
      for (VaultStats.Cluster cluster : stats.clusters()) {
        clusters.row(
            cluster.cluster(),
            cluster.clusterId(),
            Units.count(cluster.backups()),
            out.time(cluster.oldest()),
            out.time(cluster.newest()),
            Units.bytes(cluster.content()),
            Units.bytes(cluster.stored()));
      }
      clusters.print(out.out());
    }
  }

  /** {@code tidemark catalog rebuild}. */
  @Command(
      name = "rebuild",
      description = {
        "Makes the table's rows of a vault anew from the vault alone, and takes ownership of its"
            + " clusters.",
        "For a lost state folder, or another machine that takes over."
      })
  static final class Rebuild extends VaultCommands {
    Rebuild(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      VaultPlace place = place();
      Tidemark tidemark = session.open();
      RebuildReport report =
          session.watched("rebuild", listener -> tidemark.rebuildCatalog(place, listener));
      Output out = session.output;
      if (out.isJson()) {
        out.json(json -> json.object(() -> write(json, report)));
      } else {
        out.line(
            "%s: %s backups of %s clusters, %s deleted"
                .formatted(
                    report.path(),
                    Units.count(report.backups()),
                    Units.count(report.clusters()),
                    Units.count(report.deleted())));
        report.owned().forEach(cluster -> out.line("ownership taken: " + cluster));
        report.leftovers().forEach(name -> out.line("left on the engine: " + name));
        report.problems().forEach(problem -> out.line("PROBLEM " + problem));
      }
      return report.problems().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void write(Json json, RebuildReport report) {
      json.field("vault", JsonViews.emptyAsNull(report.vault()));
      json.field("path", report.path());
      json.field("clusters", report.clusters());
      json.field("backups", report.backups());
      json.field("deleted", report.deleted());
      json.texts("owned", report.owned());
      json.texts("leftovers", report.leftovers());
      json.texts("problems", report.problems());
    }
  }
}
