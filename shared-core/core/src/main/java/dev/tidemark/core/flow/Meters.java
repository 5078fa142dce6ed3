package dev.tidemark.core.flow;

import dev.tidemark.core.transfer.Meter;

/** Gives each slice of a unit's transfer something to report to. */
public interface Meters {
  /** For hosts that show no progress. */
  Meters NONE = (run, unit, node) -> Meter.NONE;

  /**
   * @param unit its canonical name
   */
  Meter of(String run, String unit, String node);
}
