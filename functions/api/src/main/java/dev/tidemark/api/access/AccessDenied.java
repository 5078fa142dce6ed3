package dev.tidemark.api.access;

/** A request of somebody who is not known, or who may not ask for this. Repeats no secret. */
public final class AccessDenied extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean known;
  private final String expected;
  private final String found;

  private AccessDenied(boolean known, String expected, String found) {
    super("expected " + expected + ", found " + found);
    this.known = known;
    this.expected = expected;
    this.found = found;
  }

  /** Nobody knows who asks. */
  public static AccessDenied unknown(String expected, String found) {
    return new AccessDenied(false, expected, found);
  }

  /** Whoever asks may not ask for this. */
  public static AccessDenied forbidden(String expected, String found) {
    return new AccessDenied(true, expected, found);
  }

  public boolean isKnown() {
    return known;
  }

  public String expected() {
    return expected;
  }

  public String found() {
    return found;
  }
}
