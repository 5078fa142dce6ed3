package dev.tidemark.core.verify;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Manifest.IndexRef;
import dev.tidemark.core.vault.PlanText;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Verifies a backup from its manifest on. What a checkpoint has behind it is read again where sums
 * go over everything, and not counted again.
 */
final class ManifestVerifier {
  private final Vault vault;
  private final Manifest manifest;
  private final Manifest.Header header;
  private final Level level;
  private final Checkpoint from;
  private final Findings findings;
  private final Stop stop;
  private final MessageDigest root = TreeDigest.sha256();
  private int indexesDone;
  private int unitsOfIndexDone;
  private int stepsDone;
  private long unitsDone;
  private String lane = "";
  private boolean whole = true;
  private long units;
  private long entries;
  private long files;
  private long bytes;
  private long stored;

  ManifestVerifier(
      Vault vault, Manifest manifest, Level level, Checkpoint from, Findings findings, Stop stop) {
    this.vault = vault;
    this.manifest = manifest;
    this.header = manifest.header();
    this.level = level;
    this.from = from;
    this.findings = findings;
    this.stop = stop;
    this.unitsDone = from.unitsDone();
  }

  Checkpoint verify() {
    if (!from.begun()) {
      findings.object();
      require("vault", vault.id(), header.vault());
    }
    List<IndexRef> index = manifest.body().index();
    for (int i = 0; i < index.size(); i++) {
      if (!index(i, index.get(i))) {
        return here();
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
    return here().done(findings);
  }

  /** Verifies an index object with all that it names; false where it was told to stop. */
  private boolean index(int number, IndexRef index) {
    String what = index.name().substring(index.name().indexOf('.', 13) + 1);
    boolean isLane = what.startsWith("lane-");
    if (number < from.indexes()) {
      if (isLane) {
        findings.again(() -> add(index, what));
      }
      return true;
    }
    if (!isLane) {
      VaultVerifier.check(findings, () -> vault.checkIndex(header.clusterId(), index));
    } else if (!lane(number, index, what)) {
      return false;
    }
    return goOn(number + 1, 0, 0);
  }

  /** Notes how much is done, and asks whether to go on. */
  private boolean goOn(int indexes, int unitsOfIndex, int steps) {
    indexesDone = indexes;
    unitsOfIndexDone = unitsOfIndex;
    stepsDone = steps;
    return !stop.at(this::here);
  }

  private Checkpoint here() {
    return from.at(indexesDone, unitsOfIndexDone, stepsDone, unitsDone, findings);
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

  private boolean lane(int number, IndexRef index, String what) {
    String key = VaultKeys.index(header.clusterId(), index.name());
    boolean begun = number == from.indexes() && (from.units() > 0 || from.steps() > 0);
    if (!isSound(index, key, what)) {
      whole = false;
      return true;
    }
    if (!begun) {
      findings.object();
    }
    try (LaneText.Reader records = vault.lane(header.clusterId(), index)) {
      int done = 0;
      for (UnitRecord unit = records.next(); unit != null; unit = records.next()) {
        add(unit);
        boolean before = begun && done < from.units();
        int steps = begun && done == from.units() ? from.steps() : 0;
        if (!before && !unit(unit, key, number, done, steps)) {
          return false;
        }
        done++;
      }
    } catch (PermanentFailure e) {
      // It was sound a moment ago.
      whole = false;
      var unused = findings.add(e);
    }
    return true;
  }

  private boolean unit(UnitRecord unit, String laneKey, int number, int place, int steps) {
    var verifier =
        new UnitVerifier(vault.store(), header.clusterId(), unit, laneKey, level, findings);
    if (!verifier.verify(steps, done -> goOn(number, place, done))) {
      return false;
    }
    unitsDone++;
    return goOn(number, place + 1, 0);
  }

  /** Adds up the units of a lane that is done. */
  private void add(IndexRef index, String what) {
    if (!isSound(index, VaultKeys.index(header.clusterId(), index.name()), what)) {
      whole = false;
      return;
    }
    try (LaneText.Reader records = vault.lane(header.clusterId(), index)) {
      for (UnitRecord unit = records.next(); unit != null; unit = records.next()) {
        add(unit);
      }
    } catch (PermanentFailure e) {
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
  private boolean isSound(IndexRef index, String key, String what) {
    try (LaneText.Reader records = vault.lane(header.clusterId(), index)) {
      LaneText.Header found = records.header();
      if (!found.backup().equals(header.backup())
          || !found.cluster().equals(header.clusterId())
          || !what.equals(LaneText.what(found.lane()))
          || found.lane().compareTo(lane) <= 0) {
        findings
            .add(key, "expected %s of this backup, after '%s', found another".formatted(what, lane))
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
