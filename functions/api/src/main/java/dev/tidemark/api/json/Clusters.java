package dev.tidemark.api.json;

import java.util.List;

/** All clusters of the configuration, by name. */
public record Clusters(List<Cluster> clusters) {}
