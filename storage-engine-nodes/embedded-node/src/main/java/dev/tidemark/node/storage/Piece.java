package dev.tidemark.node.storage;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to be written into a file of a restored shard.
 *
 * @param offset at most the file's present size
 * @param sha256 of the bytes, lower-case hex; null where the sender does not say
 */
public record Piece(long offset, @Nullable String sha256, InputStream bytes) {}
