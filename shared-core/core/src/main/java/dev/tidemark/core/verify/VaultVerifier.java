package dev.tidemark.core.verify;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.PlanText;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.core.verify.Known.Certainty;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
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
   * Verifies one backup.
   *
   * @throws PermanentFailure NOT_FOUND where there is no such backup, and nobody knows that there
   *     should be; also where it is deleted
   */
  public Report verify(
      String clusterId, String backupId, Level level, Known known, Progress progress) {
    var findings = new Findings(progress);
    requireKnown(clusterId, backupId, known, findings);
    requireNumbered(clusterId, backupId, findings);
    Optional<Manifest> manifest = manifest(clusterId, backupId, findings);
    if (manifest.isPresent()) {
      new Backup(manifest.get(), level, findings).verify();
    }
    return findings.report(clusterId, backupId, level);
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
                folder + "%06d".formatted(next),
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

  private static void check(Findings findings, Runnable reading) {
    try {
      reading.run();
      findings.object();
    } catch (PermanentFailure e) {
      var unused = findings.add(e);
    }
  }

  /** One verification from the manifest on. */
  private final class Backup {
    private final Manifest.Header header;
    private final Manifest manifest;
    private final Level level;
    private final Findings findings;
    private final MessageDigest root = TreeDigest.sha256();
    private String lane = "";
    private boolean whole = true;
    private long units;
    private long entries;
    private long files;
    private long bytes;
    private long stored;

    Backup(Manifest manifest, Level level, Findings findings) {
      this.manifest = manifest;
      this.header = manifest.header();
      this.level = level;
      this.findings = findings;
    }

    void verify() {
      findings.object();
      require("vault", vault.id(), header.vault());
      for (Manifest.IndexRef index : manifest.body().index()) {
        String what = index.name().substring(index.name().indexOf('.', 13) + 1);
        if (what.startsWith("lane-")) {
          lane(index, what);
        } else {
          check(findings, () -> vault.checkIndex(header.clusterId(), index));
        }
      }
      if (whole) {
        require("units", header.units(), units);
        require("entries", header.entries(), entries);
        require("files", header.files(), files);
        require("bytes", header.bytes(), bytes);
        require("stored", header.stored(), stored);
        require("root", header.root(), HexFormat.of().formatHex(root.digest()));
      }
    }

    private void require(String what, Object expected, Object found) {
      if (!expected.equals(found)) {
        findings
            .add(
                VaultKeys.manifest(header.clusterId(), header.backup()),
                "expected %s %s, found %s".formatted(what, expected, found))
            .costs("", "every file of the backup", header.files());
      }
    }

    private void lane(Manifest.IndexRef index, String what) {
      String key = VaultKeys.index(header.clusterId(), index.name());
      if (!isSound(index, key, what)) {
        whole = false;
        return;
      }
      findings.object();
      try (LaneText.Reader records = vault.lane(header.clusterId(), index)) {
        for (UnitRecord unit = records.next(); unit != null; unit = records.next()) {
          add(unit);
          new UnitVerifier(vault.store(), header.clusterId(), unit, key, level, findings).verify();
        }
      } catch (PermanentFailure e) {
        // It was sound a moment ago.
        whole = false;
        var unused = findings.add(e);
      }
    }

    private void add(UnitRecord unit) {
      units++;
      entries += unit.entries();
      files += unit.files();
      bytes += unit.bytes();
      stored += unit.stored();
      root.update(HexFormat.of().parseHex(unit.root()));
    }

    /** Reads a whole lane before its records are used. */
    private boolean isSound(Manifest.IndexRef index, String key, String what) {
      try (LaneText.Reader records = vault.lane(header.clusterId(), index)) {
        LaneText.Header found = records.header();
        if (!found.backup().equals(header.backup())
            || !found.cluster().equals(header.clusterId())
            || !what.equals(LaneText.what(found.lane()))
            || found.lane().compareTo(lane) <= 0) {
          findings
              .add(
                  key,
                  "expected %s of this backup, after '%s', found another".formatted(what, lane))
              .costs("", "every file of its " + index.units() + " units");
          return false;
        }
        lane = found.lane();
        long count = 0;
        while (records.next() != null) {
          count++;
        }
        if (count != index.units()) {
          var unused =
              findings.add(key, "expected %d units, found %d".formatted(index.units(), count));
        }
        return true;
      } catch (PermanentFailure e) {
        costsOfLane(findings.add(e), what.substring("lane-".length()), index.units());
        return false;
      }
    }

    /** Names the units of a lane that cannot be read, by the plan. */
    private void costsOfLane(Findings.Building finding, String name, long count) {
      try {
        Optional<PlanText.Reader> plan = vault.plan(header.clusterId(), header.writer());
        if (plan.isPresent()) {
          try (PlanText.Reader reader = plan.get()) {
            for (PlanText.PlanUnit unit = reader.next(); unit != null; unit = reader.next()) {
              if (unit.lane().equals(name)) {
                unit.shards().forEach(shard -> finding.costs(shard.canonicalName(), "every file"));
              }
            }
          }
          return;
        }
      } catch (PermanentFailure e) {
        var unused = findings.add(e);
      }
      finding.costs("", "every file of its " + count + " units");
    }
  }
}
