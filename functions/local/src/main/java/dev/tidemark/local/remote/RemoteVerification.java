package dev.tidemark.local.remote;

import dev.tidemark.core.control.BackupFilter;
import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.BackupView;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.control.Status;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.control.VerifyBackup;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.verify.Finding;
import dev.tidemark.core.verify.Report;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.app.Tidemark.ProgressListener;
import dev.tidemark.local.app.VerifyReport;
import dev.tidemark.local.app.VerifyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Verifies one backup of a server, or all that match, each by a run of the server. */
final class RemoteVerification {
  private static final int ALL = 100_000;

  private final Tidemark server;
  private final ProgressListener listener;

  RemoteVerification(Tidemark server, ProgressListener listener) {
    this.server = server;
    this.listener = listener;
  }

  VerifyReport verify(VerifyRequest request) {
    List<VerifyReport.Finding> findings = new ArrayList<>();
    long objects = 0;
    long files = 0;
    long bytes = 0;
    List<BackupName> wanted = wanted(request);
    for (BackupName name : wanted) {
      RunView run = verified(new VerifyBackup(name, percent(request.level())));
      Report report = run.report();
      if (report != null) {
        objects += report.objects();
        files += report.files();
        bytes += report.bytesRead();
        report.findings().forEach(finding -> findings.add(view(finding, run)));
        long more = report.findingCount() - report.findings().size();
        if (more > 0) {
          findings.add(more(more, run));
        }
      }
    }
    return new VerifyReport(wanted.size(), objects, files, bytes, findings);
  }

  private List<BackupName> wanted(VerifyRequest request) {
    if (request.backup() != null) {
      return List.of(new BackupName(request.backup(), request.cluster(), request.vault()));
    }
    var sealed =
        new BackupFilter(
            request.cluster(), request.vault(), Set.of(Status.SUCCESS), Map.of(), null, ALL);
    return server.backups(sealed).stream().map(RemoteVerification::name).toList();
  }

  private static BackupName name(BackupView backup) {
    return new BackupName(backup.id(), backup.cluster(), new VaultPlace.Named(backup.vault()));
  }

  private RunView verified(VerifyBackup request) {
    RunView run = server.await(server.verifyBackup(request).run(), listener);
    boolean damaged = run.report() != null && run.report().findingCount() > 0;
    if (run.status() != Status.SUCCESS && !(run.status() == Status.FAILED && damaged)) {
      throw PermanentFailure.of(Kind.FAILED, "verification " + run.run())
          .expected("that it comes to its end")
          .found(run.status() + (run.error().isEmpty() ? "" : ": " + run.error()))
          .hint("mend the cause, and verify again");
    }
    return run;
  }

  private static int percent(VerifyRequest.Level level) {
    if (level instanceof VerifyRequest.Sample sample) {
      return Math.max(1, (int) Math.round(sample.percent()));
    }
    return level instanceof VerifyRequest.Full ? 100 : 0;
  }

  private static VerifyReport.Finding more(long count, RunView run) {
    return new VerifyReport.Finding(
        "and %d more objects".formatted(count),
        "a server tells the first only",
        run.path(),
        run.cluster(),
        run.id(),
        List.of(),
        0);
  }

  private static VerifyReport.Finding view(Finding finding, RunView run) {
    return new VerifyReport.Finding(
        finding.object(),
        finding.problem(),
        run.path(),
        run.cluster(),
        run.id(),
        finding.files().stream().map(file -> file.shard() + "/" + file.path()).toList(),
        finding.fileCount());
  }
}
