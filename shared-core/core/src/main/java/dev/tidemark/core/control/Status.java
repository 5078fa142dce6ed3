package dev.tidemark.core.control;

/** How far a run is; the words that Weaviate's users know. */
public enum Status {
  STARTED,
  TRANSFERRING,
  TRANSFERRED,
  FINALIZING,
  VOIDING,
  CANCELLING,
  /** A person must act. */
  WAITING,
  SUCCESS,
  FAILED,
  CANCELED;

  /** The flow's word. */
  public static Status of(dev.tidemark.core.flow.Status status) {
    return valueOf(status.name());
  }

  /** Whether it stays so, unless a person resumes it. */
  public boolean terminal() {
    return this == SUCCESS || this == FAILED || this == CANCELED;
  }
}
