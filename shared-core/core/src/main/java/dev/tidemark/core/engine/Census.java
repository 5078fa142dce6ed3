package dev.tidemark.core.engine;

import java.util.Map;

/**
 * Counts of a cluster.
 *
 * @param counts canonical names of shards to how many objects (files, points, rows) they hold
 */
public record Census(Map<String, Long> counts) {
  public static final Census EMPTY = new Census(Map.of());
}
