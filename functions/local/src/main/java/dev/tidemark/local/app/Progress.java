package dev.tidemark.local.app;

import dev.tidemark.core.control.Status;
import java.util.List;

/**
 * How far something is. Totals are of what is planned; 0 while nothing is.
 *
 * @param nodes in order of their names
 * @param bytes of content that were dealt with, those of reused content included
 */
public record Progress(
    Status status, List<Node> nodes, long units, long unitsDone, long bytes, long bytesTotal) {

  /**
   * One node.
   *
   * @param active the units that are worked now
   */
  public record Node(
      String name, long units, long unitsDone, long bytes, long bytesTotal, List<Unit> active) {}

  /** One unit. */
  public record Unit(String name, long bytes, long bytesTotal) {}
}
