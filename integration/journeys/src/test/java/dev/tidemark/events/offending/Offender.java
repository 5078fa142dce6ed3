package dev.tidemark.events.offending;

import dev.tidemark.core.time.Ids;

/** Knows the core. */
public record Offender(Ids ids) {
  public String id() {
    return ids.text(1);
  }
}
