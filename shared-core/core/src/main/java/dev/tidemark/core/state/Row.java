package dev.tidemark.core.state;

/**
 * A row as it was committed.
 *
 * @param version grows with each put of this row; never the same for two puts of one key, also
 *     where the row was deleted in between
 * @param body JSON
 */
public record Row(String partition, String sort, long version, String body) {}
