package dev.tidemark.core.verify;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects findings, one per object, and counts. */
final class Findings {
  private final Map<String, Building> byObject = new LinkedHashMap<>();
  private long more;
  private final Progress progress;
  private String unit = "";
  long objects;
  long entries;
  long files;
  long blobsRead;
  long bytesRead;

  Findings(Progress progress) {
    this.progress = progress;
  }

  /** A finding in the making. */
  static final class Building {
    private final String problem;
    private final List<Finding.File> files = new ArrayList<>();
    private long count;

    private Building(String problem) {
      this.problem = problem;
    }

    void costs(String unit, String path) {
      costs(unit, path, 1);
    }

    /** Adds several files under one name. */
    void costs(String unit, String path, long files) {
      if (this.files.size() < Finding.MAX_FILES) {
        this.files.add(new Finding.File(unit, path));
      }
      count += files;
    }
  }

  /** The finding of an object; what is wrong is what was found first. */
  Building add(String object, String problem) {
    Building known = byObject.get(object);
    if (known != null) {
      return known;
    }
    var building = new Building(problem);
    if (byObject.size() < Report.MAX_FINDINGS) {
      byObject.put(object, building);
    } else {
      more++;
    }
    return building;
  }

  boolean has(String object) {
    return byObject.containsKey(object);
  }

  /** The finding that a failure tells; failures that are none of the data go on. */
  Building add(PermanentFailure failure) {
    if (failure.kind() != Kind.DAMAGED && failure.kind() != Kind.INVALID) {
      throw failure;
    }
    return add(failure.subject(), "expected " + failure.expected() + ", found " + failure.found());
  }

  void unit(String name) {
    unit = name;
    progress.at(unit, objects, bytesRead);
  }

  void object() {
    objects++;
    progress.at(unit, objects, bytesRead);
  }

  Report report(String clusterId, String backupId, Level level) {
    var findings = new ArrayList<Finding>();
    byObject.forEach(
        (object, building) ->
            findings.add(
                new Finding(
                    object, building.problem, List.copyOf(building.files), building.count)));
    return new Report(
        clusterId,
        backupId,
        level.toString(),
        objects,
        entries,
        files,
        blobsRead,
        bytesRead,
        List.copyOf(findings),
        findings.size() + more);
  }
}
