package dev.tidemark.core.control;

/**
 * How many entries differ, and how many bytes of files were added, removed, or stand in files whose
 * content differs.
 */
public record DiffTotals(
    long added,
    long removed,
    long content,
    long attributes,
    long same,
    long bytesAdded,
    long bytesRemoved,
    long bytesChanged) {}
