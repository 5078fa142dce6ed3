package dev.tidemark.node.offending;

import dev.tidemark.core.time.Ids;

/** Knows who backs it up. */
public record Offender(Ids ids) {
  public String id() {
    return ids.text(1);
  }
}
