package dev.tidemark.core.verify;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.core.verify.Known.Certainty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Verifies backups. Damage is a finding, never a failure; a store that does not answer is a {@link
 * dev.tidemark.core.failure.TransientFailure}. Objects that nothing refers to are no findings.
 */
public final class VaultVerifier {
  private final Vault vault;

  public VaultVerifier(Vault vault) {
    this.vault = vault;
  }

  /**
   * Verifies one backup in one go.
   *
   * @throws PermanentFailure NOT_FOUND where there is no such backup, and nobody knows that there
   *     should be; also where it is deleted
   */
  public Report verify(
      String clusterId, String backupId, Level level, Known known, Progress progress) {
    Checkpoint start = Checkpoint.start(clusterId, backupId, level);
    return verify(start, level, known, progress, Stop.NEVER).report();
  }

  /**
   * Goes on with a verification until its end, or until it is told to stop; at least one step. The
   * index, and the structure of the unit at work, are read again each time.
   *
   * @param level the same for all of it
   * @return where it is
   * @throws PermanentFailure NOT_FOUND as above
   */
  public Checkpoint verify(
      Checkpoint from, Level level, Known known, Progress progress, Stop stop) {
    if (from.done()) {
      return from;
    }
    var findings = new Findings(from.report(), progress);
    Optional<Manifest> manifest =
        from.begun()
            ? findings.again(() -> head(from.report(), known, findings))
            : head(from.report(), known, findings);
    return manifest.isEmpty()
        ? from.done(findings)
        : new ManifestVerifier(vault, manifest.get(), level, from, findings, stop).verify();
  }

  private Optional<Manifest> head(Report of, Known known, Findings findings) {
    requireKnown(of.clusterId(), of.backupId(), known, findings);
    requireNumbered(of.clusterId(), of.backupId(), findings);
    return manifest(of.clusterId(), of.backupId(), findings);
  }

  private void requireKnown(String clusterId, String backupId, Known known, Findings findings) {
    for (Known.Expected expected : known.of(clusterId, backupId)) {
      if (vault.store().head(expected.key()).isEmpty()) {
        var unused =
            findings.add(
                expected.key(),
                expected.certainty() == Certainty.WRITTEN
                    ? "expected an object that was written, found none: it was deleted by hand"
                    : "expected an object that was about to be written, found none: it was never"
                        + " written, or deleted by hand");
      }
    }
  }

  /** Owners and notes are numbered in turn, so a gap is a loss. */
  private void requireNumbered(String clusterId, String backupId, Findings findings) {
    requireInTurn(VaultKeys.owners(clusterId), vault.ownerKeys(clusterId), findings);
    for (String key : vault.ownerKeys(clusterId)) {
      check(findings, () -> vault.ownerAt(key));
    }
    List<String> notes = vault.noteKeys(clusterId, backupId);
    requireInTurn(VaultKeys.notes(clusterId, backupId), notes, findings);
    for (String key : notes) {
      check(findings, () -> vault.noteAt(key));
    }
  }

  private static void requireInTurn(String folder, List<String> keys, Findings findings) {
    int next = 1;
    for (String key : keys) {
      int n = Vault.number(key);
      for (; next < n; next++) {
        var unused =
            findings.add(
                folder + String.format(Locale.ROOT, "%06d", next),
                "expected an object of this number, found only later ones: it was deleted by hand");
      }
      next = n + 1;
    }
  }

  private Optional<Manifest> manifest(String clusterId, String backupId, Findings findings) {
    String key = VaultKeys.manifest(clusterId, backupId);
    if (vault.isDeleted(clusterId, backupId)) {
      check(findings, () -> vault.tombstone(clusterId, backupId));
      throw notFound(clusterId, backupId, "a tombstone: it is deleted");
    }
    try {
      Optional<Manifest> manifest = vault.manifest(clusterId, backupId);
      if (manifest.isEmpty() && !findings.has(key)) {
        throw notFound(clusterId, backupId, "no manifest");
      }
      return manifest;
    } catch (PermanentFailure e) {
      if (e.kind() == Kind.NOT_FOUND) {
        throw e;
      }
      findings.add(e).costs("", "every file of the backup");
      return Optional.empty();
    }
  }

  private static PermanentFailure notFound(String clusterId, String backupId, String found) {
    return PermanentFailure.of(Kind.NOT_FOUND, "backup '" + backupId + "' of " + clusterId)
        .expected("a sealed backup")
        .found(found);
  }

  static void check(Findings findings, Runnable reading) {
    try {
      reading.run();
      findings.object();
    } catch (PermanentFailure e) {
      var unused = findings.add(e);
    }
  }
}
