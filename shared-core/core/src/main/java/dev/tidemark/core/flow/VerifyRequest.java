package dev.tidemark.core.flow;

/**
 * A request to verify a sealed backup.
 *
 * @param cluster the name of the cluster that was backed up
 * @param clusterId its incarnation
 * @param vault its name on this host
 * @param percent how much of the content is read and compared: 0 for none, 100 for all
 */
public record VerifyRequest(
    String cluster, String clusterId, String vault, String backupId, int percent) {}
