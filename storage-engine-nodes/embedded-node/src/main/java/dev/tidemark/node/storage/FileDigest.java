package dev.tidemark.node.storage;

import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * What a file must be.
 *
 * @param sha256 lower-case hex; null where the pieces were proven as they were written
 */
@Introspected
public record FileDigest(String name, long size, @Nullable String sha256) {}
