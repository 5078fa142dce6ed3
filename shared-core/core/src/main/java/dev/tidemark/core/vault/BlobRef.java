package dev.tidemark.core.vault;

import dev.tidemark.core.blob.Checksum;

/**
 * A blob as a part's table names it.
 *
 * @param name {@code writer.epoch.n}, under the unit's folder in {@code data/}
 * @param id 32 hex digits, also in the blob's header
 * @param stored size of the object in bytes
 * @param plain size of its plaintext in bytes
 * @param check of the stored bytes
 */
public record BlobRef(String name, String id, long stored, long plain, Checksum check) {

  /** The run that wrote the blob. */
  public String writer() {
    return name.substring(0, name.indexOf('.'));
  }
}
