package dev.tidemark.node.storage;

import io.micronaut.core.annotation.Introspected;

/**
 * What a file must be.
 *
 * @param sha256 lower-case hex
 */
@Introspected
public record FileDigest(String name, long size, String sha256) {}
