package dev.tidemark.local;

import dev.tidemark.core.control.BackupFinder;
import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.Status;
import dev.tidemark.core.flow.BackupView;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.core.verify.Known;
import dev.tidemark.core.verify.Level;
import dev.tidemark.core.verify.Report;
import dev.tidemark.core.verify.VaultVerifier;
import dev.tidemark.local.app.Progress;
import dev.tidemark.local.app.Tidemark.ProgressListener;
import dev.tidemark.local.app.VerifyReport;
import dev.tidemark.local.app.VerifyRequest;
import java.util.ArrayList;
import java.util.List;

/** Verifies one backup, or all that match. */
final class Verification {
  private final LocalVaults vaults;
  private final BackupFinder finder;

  Verification(LocalVaults vaults, BackupFinder finder) {
    this.vaults = vaults;
    this.finder = finder;
  }

  VerifyReport verify(VerifyRequest request, ProgressListener listener) {
    List<BackupFinder.Found> wanted = wanted(request);
    List<VerifyReport.Finding> findings = new ArrayList<>();
    long objects = 0;
    long files = 0;
    long bytes = 0;
    int done = 0;
    for (BackupFinder.Found found : wanted) {
      Report report = verify(found, request.level(), listener, done++, wanted.size());
      objects += report.objects();
      files += report.files();
      bytes += report.bytesRead();
      report.findings().forEach(finding -> findings.add(view(finding, found)));
    }
    return new VerifyReport(wanted.size(), objects, files, bytes, findings);
  }

  private List<BackupFinder.Found> wanted(VerifyRequest request) {
    if (request.backup() != null) {
      return List.of(
          finder.one(new BackupName(request.backup(), request.cluster(), request.vault())));
    }
    return finder.all(request.cluster(), request.vault()).stream()
        .filter(found -> found.row() == null || found.row().state().equals("SEALED"))
        .toList();
  }

  private Report verify(
      BackupFinder.Found found,
      VerifyRequest.Level level,
      ProgressListener listener,
      int done,
      int all) {
    Vault vault = vaults.reachable(found.vault());
    return new VaultVerifier(vault)
        .verify(
            found.clusterId(),
            found.backupId(),
            level(level, found),
            known(found),
            (unit, objects, bytes) ->
                listener.progress(
                    new Progress(Status.TRANSFERRING, List.of(), all, done, bytes, 0)));
  }

  private static Level level(VerifyRequest.Level level, BackupFinder.Found found) {
    if (level instanceof VerifyRequest.Sample sample) {
      return Level.sample(Math.max(1, (int) Math.round(sample.percent())), found.backupId());
    }
    return level instanceof VerifyRequest.Full ? Level.FULL : Level.STRUCTURE;
  }

  /** The table notes SEALED after the manifest was stored, and the owner before any data. */
  private static Known known(BackupFinder.Found found) {
    BackupView row = found.row();
    if (row == null || !row.state().equals("SEALED")) {
      return Known.NOTHING;
    }
    return (clusterId, backupId) ->
        List.of(
            new Known.Expected(VaultKeys.manifest(clusterId, backupId), Known.Certainty.WRITTEN),
            new Known.Expected(VaultKeys.owner(clusterId, 1), Known.Certainty.WRITTEN));
  }

  private VerifyReport.Finding view(
      dev.tidemark.core.verify.Finding finding, BackupFinder.Found found) {
    return new VerifyReport.Finding(
        finding.object(),
        finding.problem(),
        vaults.words(found.vault()),
        found.cluster(),
        found.backupId(),
        finding.files().stream().map(file -> file.shard() + "/" + file.path()).toList(),
        finding.fileCount());
  }
}
