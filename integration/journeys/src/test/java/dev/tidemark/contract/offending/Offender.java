package dev.tidemark.contract.offending;

import dev.tidemark.local.SecureIds;

/** Knows one of the adapters that contracts are for. */
public final class Offender {
  private final SecureIds ids = new SecureIds();

  public String id() {
    return ids.text(1);
  }
}
