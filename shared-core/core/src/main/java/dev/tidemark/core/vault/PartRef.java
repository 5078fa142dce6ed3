package dev.tidemark.core.vault;

import dev.tidemark.core.tree.EntryPath;

/**
 * A part as a unit record names it.
 *
 * @param name {@code writer.epoch.n}, under the unit's folder in {@code parts/}
 * @param first path of its first entry; the root where it has none
 * @param last path of its last entry; the root where it has none
 * @param entries how many it lists
 * @param stored size of the object in bytes
 * @param sha256 of its whole plaintext, hex
 */
public record PartRef(
    String name, EntryPath first, EntryPath last, long entries, long stored, String sha256) {}
