package dev.tidemark.core.failure;

import org.jspecify.annotations.Nullable;

/** Something that may well work a moment later: the step's item is sent again with backoff. */
public final class TransientFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was tried, on which id, and what came back
   */
  public TransientFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  public TransientFailure(String message) {
    this(message, null);
  }
}
