package dev.tidemark.core.control;

import org.jspecify.annotations.Nullable;

/**
 * A cluster of the configuration.
 *
 * @param vault where its backups go unless a request says otherwise
 * @param width how many units of one node are worked at once
 * @param active the run that may touch its engine now; null for none
 */
public record ClusterView(
    String name, String engine, String vault, int width, @Nullable String active) {}
