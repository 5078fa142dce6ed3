package dev.tidemark.contract;

import dev.tidemark.core.state.StateTable;

/** A place for a table; others may use it too, in partitions of their own. */
public interface StateTableEnvironment {

  /** A new client of the place, as another process would have one. */
  StateTable open();
}
