package dev.tidemark.core.control;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy of the configuration.
 *
 * @param vault null for each cluster's own
 * @param schedule five fields as in crontab(5); null where backups are only asked for
 * @param zone in which the schedule is meant
 * @param slots the one that was dealt with last, for each cluster where there is one
 */
public record PolicyView(
    String name,
    List<String> clusters,
    @Nullable String vault,
    @Nullable String schedule,
    String zone,
    List<String> include,
    List<String> exclude,
    Map<String, String> labels,
    List<Slot> slots) {

  /**
   * What became of a scheduled moment.
   *
   * @param outcome EXPECTED, STARTED or SKIPPED
   * @param detail the run of a backup that was started; the reason for one that was not
   */
  public record Slot(String cluster, Instant time, String outcome, String detail) {}
}
