package dev.tidemark.core.flow;

/**
 * The run that may touch a cluster's engine; there is no row while none may.
 *
 * @param since milliseconds since the epoch
 */
record EngineRow(int v, String run, String kind, String backupId, long since) {}
