package dev.tidemark.api.offending;

import dev.tidemark.local.SecureIds;

/** Knows the host it runs in. */
public final class Offender {
  private final SecureIds ids = new SecureIds();

  public String id() {
    return ids.text(1);
  }
}
