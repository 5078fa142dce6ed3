package dev.tidemark.core.engine;

/**
 * What was written of a unit is not on the target any more, like where a node lost its disk: the
 * unit is begun again, and written from its start.
 */
public final class PlaceGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PlaceGone(String message) {
    super(message);
  }
}
