package dev.tidemark.core.verify;

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

  public boolean sound() {
    return findingCount == 0;
  }
}
