package dev.tidemark.journey.bench;

import java.util.Optional;

/** What the project wants to reach. */
final class Aims {
  static final double LIST_SECONDS = 0.6;
  static final double TEN_THOUSAND_UNITS_SECONDS = 20;

  private Aims() {}

  /** The most wall time, as a ratio to another tool's; empty where there is no aim. */
  static Optional<Double> wall(Tools.Step step, String tool) {
    boolean restic = tool.equals("restic");
    return switch (step) {
      case FIRST, RESTORE -> Optional.of(restic ? 0.5 : 1.0);
      case UNCHANGED -> restic ? Optional.of(0.5) : Optional.empty();
      case CHANGED -> Optional.empty();
    };
  }
}
