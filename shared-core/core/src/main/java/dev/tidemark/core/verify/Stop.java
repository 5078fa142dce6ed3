package dev.tidemark.core.verify;

import java.util.function.Supplier;

/** Asked between two steps of a verification whether it shall stop there. */
@FunctionalInterface
public interface Stop {
  Stop NEVER = here -> false;

  /**
   * @param here from where it could go on
   */
  boolean at(Supplier<Checkpoint> here);
}
