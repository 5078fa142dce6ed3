package dev.tidemark.core.flow;

import dev.tidemark.core.config.Settings;
import java.time.Duration;

/**
 * The flow's own numbers.
 *
 * @param resumeWindow how long a failed run keeps its snapshots and its pin
 * @param watchEvery how often an open run is looked at
 * @param laneUnits the most units of a lane
 * @param maxAttempts how often in a row an item or a unit may fail without progress
 * @param backoff the delay after a first failed attempt; doubled with each further one
 * @param maxBackoff its upper bound
 * @param bins when small shards become one unit
 */
public record FlowSettings(
    Duration resumeWindow,
    Duration watchEvery,
    int laneUnits,
    int maxAttempts,
    Duration backoff,
    Duration maxBackoff,
    BinSettings bins) {

  public static final FlowSettings DEFAULT =
      new FlowSettings(
          Duration.ofHours(1),
          Duration.ofSeconds(60),
          1_000,
          8,
          Duration.ofSeconds(1),
          Duration.ofMinutes(2),
          BinSettings.DEFAULT);

  /** As an operator set them. */
  public static FlowSettings of(Settings settings) {
    return DEFAULT.withResumeWindow(settings.resumeWindow()).withMaxAttempts(settings.attempts());
  }

  public FlowSettings withResumeWindow(Duration window) {
    return new FlowSettings(window, watchEvery, laneUnits, maxAttempts, backoff, maxBackoff, bins);
  }

  public FlowSettings withLaneUnits(int most) {
    return new FlowSettings(resumeWindow, watchEvery, most, maxAttempts, backoff, maxBackoff, bins);
  }

  public FlowSettings withBins(BinSettings other) {
    return new FlowSettings(
        resumeWindow, watchEvery, laneUnits, maxAttempts, backoff, maxBackoff, other);
  }

  public FlowSettings withMaxAttempts(int attempts) {
    return new FlowSettings(
        resumeWindow, watchEvery, laneUnits, attempts, backoff, maxBackoff, bins);
  }

  Duration backoffAfter(int attempt) {
    Duration delay = backoff.multipliedBy(1L << Math.min(attempt, 16));
    return delay.compareTo(maxBackoff) < 0 ? delay : maxBackoff;
  }
}
