package dev.tidemark.core.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * What a verification found.
 *
 * @param level as {@link Level#toString} says it
 * @param objects that were read or asked for
 * @param entries in sound parts
 * @param blobsRead whose content was read
 * @param bytesRead of files' content, and compared
 * @param findings the first {@link #MAX_FINDINGS}, one per object
 * @param findingCount how many there are in all
 */
public record Report(
    String clusterId,
    String backupId,
    String level,
    long objects,
    long entries,
    long files,
    long blobsRead,
    long bytesRead,
    List<Finding> findings,
    long findingCount) {
  public static final int MAX_FINDINGS = 1_000;

  private static final int FILES_IN_BRIEF = 3;

  public boolean sound() {
    return findingCount == 0;
  }

  /**
   * The same in little room: the first findings, each with some of its files.
   *
   * @param characters that their texts may have together
   */
  public Report brief(int characters) {
    List<Finding> kept = new ArrayList<>();
    int room = characters;
    for (Finding finding : findings) {
      List<Finding.File> files = new ArrayList<>();
      room -= finding.object().length() + finding.problem().length();
      for (Finding.File file : finding.files()) {
        int length = file.shard().length() + file.path().length();
        if (files.size() < FILES_IN_BRIEF && length <= room) {
          room -= length;
          files.add(file);
        }
      }
      if (room < 0) {
        break;
      }
      kept.add(new Finding(finding.object(), finding.problem(), files, finding.fileCount()));
    }
    return new Report(
        clusterId,
        backupId,
        level,
        objects,
        entries,
        files,
        blobsRead,
        bytesRead,
        List.copyOf(kept),
        findingCount);
  }
}
