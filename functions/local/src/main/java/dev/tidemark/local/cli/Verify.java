package dev.tidemark.local.cli;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.app.VerifyReport;
import dev.tidemark.local.app.VerifyRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark verify}. */
@Command(
    name = "verify",
    description = {
      "Looks whether backups are intact, and names what is damaged with the files it costs.",
      "Exit code 1 where anything is."
    })
final class Verify implements Callable<Integer> {
  private final Session session;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      description = "The backup's id. Without it: --all.")
  @Nullable String id;

  @Option(names = "--all", description = "All backups, of --cluster and --vault where given.")
  boolean all;

  @Option(names = "--cluster", paramLabel = "NAME", description = "Only backups of this cluster.")
  @Nullable String cluster;

  @Mixin VaultOption vault = new VaultOption();

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "structure",
      description = {
        "structure: every object is there, and all but the content is read (the default);",
        "sample:5: and 5 percent of the content; full: and all content."
      })
  String level = "structure";

  Verify(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    VerifyRequest request = request();
    Tidemark tidemark = session.open();
    VerifyReport report = session.watched("verify", listener -> tidemark.verify(request, listener));
    if (session.output.isJson()) {
      session.output.json(json -> json.object(() -> JsonViews.verification(json, report)));
    } else {
      print(report);
    }
    return report.findings().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private VerifyRequest request() {
    if ((id == null) != all) {
      throw PermanentFailure.of(Kind.INVALID, "verify")
          .expected("a backup's id or --all")
          .found(all ? "both" : "neither");
    }
    return new VerifyRequest(
        id == null ? null : Arguments.backupId(id),
        cluster,
        vault.placeOrConfigured(session),
        Arguments.level(level));
  }

  private void print(VerifyReport report) {
    Output out = session.output;
    for (VerifyReport.Finding finding : report.findings()) {
      out.line("DAMAGED " + finding.problem());
      out.field("  object", finding.object());
      out.field("  vault", finding.vault());
      out.field("  backup", finding.backup() + " of " + finding.cluster());
      finding.files().forEach(file -> out.field("  file", file));
      long more = finding.filesTotal() - finding.files().size();
      out.field("  files", more > 0 ? "and " + Units.count(more) + " more" : "");
    }
    out.line(
        "%s: %s, %s, %s, %s of content read"
            .formatted(
                report.findings().isEmpty()
                    ? "intact"
                    : Units.count(report.findings().size()) + " damaged",
                Units.count(report.backups(), "backup"),
                Units.count(report.objects(), "object"),
                Units.count(report.files(), "file"),
                Units.bytes(report.bytes())));
  }
}
