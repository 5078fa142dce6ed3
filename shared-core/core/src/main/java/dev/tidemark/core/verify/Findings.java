package dev.tidemark.core.verify;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Collects findings, one per object, and counts. */
final class Findings {
  private final Map<String, Building> byObject = new LinkedHashMap<>();
  private final Set<String> countedBefore = new HashSet<>();
  private final Progress progress;
  private long more;
  private boolean again;
  private String unit = "";
  long objects;
  long entries;
  long files;
  long blobsRead;
  long bytesRead;

  /**
   * @param before what was found and counted in earlier slices
   */
  Findings(Report before, Progress progress) {
    this.progress = progress;
    before.findings().forEach(finding -> byObject.put(finding.object(), new Building(finding)));
    this.more = before.findingCount() - before.findings().size();
    this.objects = before.objects();
    this.entries = before.entries();
    this.files = before.files();
    this.blobsRead = before.blobsRead();
    this.bytesRead = before.bytesRead();
  }

  /** A finding in the making. */
  static final class Building {
    private final String problem;
    private final List<Finding.File> files = new ArrayList<>();
    private long count;

    private Building(String problem) {
      this.problem = problem;
    }

    private Building(Finding finding) {
      this.problem = finding.problem();
      this.files.addAll(finding.files());
      this.count = finding.fileCount();
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

  /** Goes once more over what an earlier slice has found and counted: that is not done twice. */
  void again(Runnable work) {
    Object unused =
        again(
            () -> {
              work.run();
              return this;
            });
  }

  /** The same for work with an answer. */
  <T> T again(Supplier<T> work) {
    long[] counts = {objects, entries, files, blobsRead, bytesRead};
    again = true;
    try {
      return work.get();
    } finally {
      again = false;
      objects = counts[0];
      entries = counts[1];
      files = counts[2];
      blobsRead = counts[3];
      bytesRead = counts[4];
    }
  }

  /** The finding of an object; what is wrong is what was found first. */
  Building add(String object, String problem) {
    if (again) {
      countedBefore.add(object);
      return new Building(problem);
    }
    Building known = byObject.get(object);
    if (known != null) {
      return known;
    }
    var building = new Building(problem);
    if (countedBefore.contains(object)) {
      return building;
    }
    if (byObject.size() < Report.MAX_FINDINGS) {
      byObject.put(object, building);
    } else {
      more++;
    }
    return building;
  }

  boolean has(String object) {
    return byObject.containsKey(object) || countedBefore.contains(object);
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
    tell();
  }

  void object() {
    objects++;
    tell();
  }

  private void tell() {
    if (!again) {
      progress.at(unit, objects, bytesRead);
    }
  }

  Report report(String clusterId, String backupId, String level) {
    var findings = new ArrayList<Finding>();
    byObject.forEach(
        (object, building) ->
            findings.add(
                new Finding(
                    object, building.problem, List.copyOf(building.files), building.count)));
    return new Report(
        clusterId,
        backupId,
        level,
        objects,
        entries,
        files,
        blobsRead,
        bytesRead,
        List.copyOf(findings),
        findings.size() + more);
  }
}
