package dev.tidemark.core.control;

import java.util.List;
import java.util.Map;

/**
 * All that a backup says of itself. Of one that is not sealed, only {@code backup} and the
 * selection are known; the rest is empty.
 *
 * @param entries files, directories and links
 * @param notes how many entries are not stored as they should be, by the reason
 * @param notIncluded what is not in it, and why: thing to reason
 * @param alsoIncluded what it holds that its shards do not tell, in words: thing to words
 * @param chunkBytes the size of its chunks
 * @param marks what was noted of it since, each in words: suspect, verified …
 */
public record BackupDetails(
    BackupView backup,
    String engineVersion,
    String fingerprint,
    String consistency,
    String scope,
    List<String> nodes,
    List<String> collections,
    List<String> include,
    List<String> exclude,
    long entries,
    Map<String, Long> notes,
    Map<String, String> notIncluded,
    Map<String, String> alsoIncluded,
    String compression,
    long chunkBytes,
    String encryption,
    String configuration,
    String tidemark,
    String root,
    List<String> marks) {

  /** What is known of one that is not sealed. */
  public static BackupDetails unsealed(BackupView backup) {
    return new BackupDetails(
        backup, "", "", "", "", List.of(), List.of(), List.of(), List.of(), 0, Map.of(), Map.of(),
        Map.of(), "", 0, "", "", "", "", List.of());
  }
}
