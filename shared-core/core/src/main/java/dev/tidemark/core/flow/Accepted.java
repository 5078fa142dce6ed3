package dev.tidemark.core.flow;

/**
 * The answer to a request for a backup or restore.
 *
 * @param run its id
 * @param fresh false where the same request was answered before
 */
public record Accepted(String run, String backupId, Status status, boolean fresh) {}
