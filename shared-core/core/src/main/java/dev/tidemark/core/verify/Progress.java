package dev.tidemark.core.verify;

/** Hears how far a verification is; called often, by the verifying thread. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (unit, objects, bytes) -> {};

  /**
   * @param unit the unit at work, as a person knows it; empty before the first
   * @param objects done so far
   * @param bytes of content compared so far
   */
  void at(String unit, long objects, long bytes);
}
