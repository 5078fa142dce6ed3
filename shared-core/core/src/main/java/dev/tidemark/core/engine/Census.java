package dev.tidemark.core.engine;

import java.util.Map;

/**
 * Counts of a cluster.
 *
 * @param counts what is counted (a collection, a tenant) to how many
 */
public record Census(Map<String, Long> counts) {
  public static final Census EMPTY = new Census(Map.of());
}
