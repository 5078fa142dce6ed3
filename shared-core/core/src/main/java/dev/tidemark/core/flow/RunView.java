package dev.tidemark.core.flow;

import dev.tidemark.core.verify.Report;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as people see it.
 *
 * @param kind {@code backup}, {@code restore} or {@code verify}
 * @param ended null while it goes on
 * @param units how many the plan has; -1 before it is planned
 * @param done how many of them are done
 * @param files of a restore, planned; of a verification, so far; 0 for a backup, whose row tells
 * @param bytes likewise
 * @param resumableUntil null where it cannot be resumed
 * @param closed whether it owes nothing any more
 * @param report what a verification has found so far; else null
 */
public record RunView(
    String id,
    String kind,
    Status status,
    String cluster,
    String vault,
    String backupId,
    Instant started,
    @Nullable Instant ended,
    long units,
    long done,
    long files,
    long bytes,
    List<UnitView> open,
    @Nullable Instant resumableUntil,
    boolean closed,
    String error,
    @Nullable Report report) {

  /**
   * A unit that is being worked on.
   *
   * @param attempts in a row without progress
   */
  public record UnitView(String unit, String name, String node, int attempts) {}
}
