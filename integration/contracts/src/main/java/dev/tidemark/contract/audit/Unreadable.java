package dev.tidemark.contract.audit;

/** An object is missing or not as the format says; the message names it. */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unreadable(String key, String problem) {
    super(key + ": " + problem);
  }

  static void unless(boolean holds, String key, String problem) {
    if (!holds) {
      throw new Unreadable(key, problem);
    }
  }
}
