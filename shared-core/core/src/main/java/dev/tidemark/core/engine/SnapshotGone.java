package dev.tidemark.core.engine;

/** A snapshot is not there any more: the unit is begun again with a new one. */
public final class SnapshotGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SnapshotGone(String message) {
    super(message);
  }
}
