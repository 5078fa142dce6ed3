package dev.tidemark.events;

import java.time.Instant;
import java.util.Objects;

/**
 * What became of a run, told to the outside. It comes at least once, and a later one may come
 * before an earlier one: whoever reads it knows a duplicate by its id, and the order by its times.
 *
 * @param id unique within the deployment; that of a duplicate is the same
 * @param deployment whose run it was, {@code [a-z0-9]{1,16}}
 * @param run {@code <cluster name>.<writer>}
 * @param cluster whose engine the run touched; of a verification, whose backup it read
 * @param backup the id of the backup that was made, restored or verified
 * @param started when the run was asked for
 * @param ended when it came to this end
 * @param error the failure's sentence, at most {@link #MAX_ERROR_CHARS} of it; empty where there is
 *     none
 */
public record Notice(
    String id,
    Kind kind,
    Outcome outcome,
    String deployment,
    String run,
    String cluster,
    String vault,
    String backup,
    Instant started,
    Instant ended,
    String error) {

  public static final int MAX_ERROR_CHARS = 2_000;

  /** What the run was to do. */
  public enum Kind {
    BACKUP,
    RESTORE,
    VERIFY
  }

  /** How it ended. One that failed may still be resumed, and end again. */
  public enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELED
  }

  public Notice {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(outcome, "outcome");
    if (error.length() > MAX_ERROR_CHARS) {
      error = error.substring(0, MAX_ERROR_CHARS - 1) + "…";
    }
  }
}
