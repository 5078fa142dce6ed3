package dev.tidemark.core.control;

/**
 * A request to verify a sealed backup: that every object is there, and what describes the content
 * is intact.
 *
 * @param percent how much of the content is read and compared besides: 0 for none, 100 for all
 */
public record VerifyBackup(BackupName backup, int percent) {}
