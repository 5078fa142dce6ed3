package dev.tidemark.core.vault;

import dev.tidemark.core.tree.EntryPath;

/**
 * Something of a unit that is not stored as it should be.
 *
 * @param kind {@code special}, {@code vanished}, {@code unreadable} or {@code changed}
 */
public record PartNote(String kind, EntryPath path, String detail) {}
