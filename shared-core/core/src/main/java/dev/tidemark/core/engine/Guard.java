package dev.tidemark.core.engine;

import java.time.Duration;

/**
 * An engine-wide protection with a time to live, like a pause of compaction. It expires by itself,
 * so that no crash leaves an engine paused.
 */
public interface Guard {

  /** Takes the guard for a run, or takes it again for longer. */
  void take(RunToken token, Duration timeToLive);

  /** Drops the run's guard; succeeds where there is none. */
  void drop(RunToken token);

  /**
   * How long to take it for. While the run transfers it is taken again about once a minute, so that
   * some lost renewals do no harm if this is several minutes.
   */
  Duration timeToLive();
}
