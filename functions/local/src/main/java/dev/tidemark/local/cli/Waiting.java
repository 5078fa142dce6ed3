package dev.tidemark.local.cli;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;

/** The two options that say whether a command waits. */
final class Waiting {
  private Waiting() {}

  static boolean isDetached(boolean wait, boolean detach) {
    if (wait && detach) {
      throw PermanentFailure.of(Kind.INVALID, "--wait and --detach")
          .expected("one of them")
          .found("both");
    }
    return detach;
  }
}
