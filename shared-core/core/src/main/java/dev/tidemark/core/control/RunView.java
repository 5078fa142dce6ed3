package dev.tidemark.core.control;

import dev.tidemark.core.verify.Report;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run: something in progress, or ended.
 *
 * @param run {@code <cluster name>.<writer>}
 * @param id of the backup that it makes or reads
 * @param vault its configured name; empty where it has none
 * @param path where the vault is, in words for a person
 * @param completedAt null while it is not terminal
 * @param units how many it consists of, as far as it is planned
 * @param bytes of content that it has read, restored or compared, reused content included
 * @param stored how many bytes it added to the vault; 0 where it is no backup
 * @param error why it failed, a sentence; empty where it did not
 * @param resumableUntil until when a failed run can be resumed; null where it cannot
 * @param report of a verification, what it found so far: the first findings; else null
 */
public record RunView(
    String run,
    Kind kind,
    Status status,
    String cluster,
    String id,
    String vault,
    String path,
    Instant startedAt,
    @Nullable Instant completedAt,
    long units,
    long unitsDone,
    long files,
    long bytes,
    long stored,
    String error,
    @Nullable Instant resumableUntil,
    @Nullable Report report) {

  /** What a run does. */
  public enum Kind {
    BACKUP,
    RESTORE,
    VERIFY
  }
}
