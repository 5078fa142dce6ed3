package dev.tidemark.core.flow;

/** Where a run is; the words are those of Weaviate's backup API, and a few between. */
public enum Status {
  STARTED,
  TRANSFERRING,
  TRANSFERRED,
  FINALIZING,
  VOIDING,
  CANCELLING,
  SUCCESS,
  FAILED,
  CANCELED;

  public boolean terminal() {
    return this == SUCCESS || this == FAILED || this == CANCELED;
  }

  /** Whether a cancel is still possible: nothing was sealed or made visible. */
  boolean cancellable() {
    return this == STARTED || this == TRANSFERRING || this == TRANSFERRED;
  }
}
