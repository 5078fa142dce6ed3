package dev.tidemark.core.vault;

import dev.tidemark.core.tree.EntryPath;
import java.util.List;

/**
 * A file whose reading goes on in the next part.
 *
 * @param identity the engine's when the reading began
 * @param extents of what was read so far, a multiple of the chunk size
 * @param leaves the SHA-256s of the 8 MiB leaves so far, concatenated, in base64
 */
public record Unfinished(
    EntryPath path, String identity, long size, List<Extent> extents, String leaves) {}
