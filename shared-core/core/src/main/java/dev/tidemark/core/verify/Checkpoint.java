package dev.tidemark.core.verify;

import java.util.List;

/**
 * How far a verification is, and what it has found; all that another slice needs to go on.
 *
 * @param indexes how many of the manifest's index objects are done, with all that they name
 * @param units how many units of the index object after those are done
 * @param steps how many steps of the unit after those are done: first its structure, then the
 *     content of each of its parts
 * @param unitsDone how many units are done in all
 * @param done whether nothing is left
 */
public record Checkpoint(
    int indexes, int units, int steps, long unitsDone, boolean done, Report report) {

  public static Checkpoint start(String clusterId, String backupId, Level level) {
    return new Checkpoint(
        0,
        0,
        0,
        0,
        false,
        new Report(clusterId, backupId, level.toString(), 0, 0, 0, 0, 0, List.of(), 0));
  }

  /** Of the same verification. */
  Checkpoint at(int newIndexes, int newUnits, int newSteps, long newUnitsDone, Findings findings) {
    return new Checkpoint(newIndexes, newUnits, newSteps, newUnitsDone, false, of(findings));
  }

  /** The end of the same verification. */
  Checkpoint done(Findings findings) {
    return new Checkpoint(indexes, units, steps, unitsDone, true, of(findings));
  }

  private Report of(Findings findings) {
    return findings.report(report.clusterId(), report.backupId(), report.level());
  }

  /** The same with a {@link Report#brief} report. */
  public Checkpoint brief(int characters) {
    return new Checkpoint(indexes, units, steps, unitsDone, done, report.brief(characters));
  }

  boolean begun() {
    return indexes > 0 || units > 0 || steps > 0;
  }
}
