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
    String name, EntryPath first, EntryPath last, long entries, long stored, String sha256) {

  /**
   * Whether the part may list this path or something below it, which follows it directly: so a part
   * holds some of it or is beside it.
   */
  public boolean mayHold(EntryPath below) {
    return last.compareTo(below) >= 0 && (first.compareTo(below) <= 0 || first.startsWith(below));
  }
}
