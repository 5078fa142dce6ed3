package dev.tidemark.core.flow;

/**
 * Which incarnation a cluster's name stands for now.
 *
 * @param fingerprint the engine's, when the id was minted
 */
record IdentityRow(int v, String clusterId, String fingerprint) {}
