package dev.tidemark.contract.fault;

/**
 * The death of a simulated process: to be caught by the simulation alone. What the process does on
 * its way out reaches no port any more.
 */
public final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash(String message) {
    super(message);
  }
}
