package dev.tidemark.core.vault;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;

/** How a reader says that an object is not what was stored. */
final class Damage {
  private static final int LONGEST = 120;

  private Damage() {}

  /**
   * @param key of the object
   */
  static PermanentFailure of(String key, String expected, String found) {
    return PermanentFailure.of(Kind.DAMAGED, key).expected(expected).found(found);
  }

  /** Text from an object, fit for a message: short, and printable ASCII only. */
  static String quote(String text) {
    var safe = new StringBuilder("'");
    for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
      char c = text.charAt(i);
      safe.append(c >= 32 && c < 127 ? c : '?');
    }
    return safe.append(text.length() > LONGEST ? "…'" : "'").toString();
  }
}
