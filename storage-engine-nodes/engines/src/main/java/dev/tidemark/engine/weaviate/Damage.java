package dev.tidemark.engine.weaviate;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;

/** A native backup is not what it says it is. */
final class Damage {
  private Damage() {}

  /**
   * @param key of the object in the staging area
   */
  static PermanentFailure of(String key, String expected, String found) {
    return PermanentFailure.of(Kind.DAMAGED, "native backup's object " + key)
        .expected(expected)
        .found(found)
        .hint("run the backup again; if it happens again, look at the server's disk and store");
  }
}
