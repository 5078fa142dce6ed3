package dev.tidemark.api.json;

import dev.tidemark.core.control.PolicyView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy of the configuration.
 *
 * @param vault absent where each cluster's own is taken
 * @param schedule minute, hour, day of month, month, day of week; absent where backups are only
 *     asked for
 * @param zone in which the schedule is meant
 * @param slots the scheduled moment that was dealt with last, for each cluster where there is one
 */
public record Policy(
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

  public static Policy of(PolicyView view) {
    return new Policy(
        view.name(),
        view.clusters(),
        view.vault(),
        view.schedule(),
        view.zone(),
        view.include(),
        view.exclude(),
        view.labels(),
        view.slots().stream()
            .map(slot -> new Slot(slot.cluster(), slot.time(), slot.outcome(), slot.detail()))
            .toList());
  }

  public PolicyView view() {
    return new PolicyView(
        name,
        clusters,
        vault,
        schedule,
        zone,
        include,
        exclude,
        labels,
        slots.stream()
            .map(
                slot ->
                    new PolicyView.Slot(slot.cluster(), slot.time(), slot.outcome(), slot.detail()))
            .toList());
  }
}
