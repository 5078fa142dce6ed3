package dev.tidemark.core.flow;

/** Somebody else has the unit, or its run is over: this invocation stops without a word. */
final class LeaseLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeaseLost(String message) {
    super(message, null, false, false);
  }
}
