package dev.tidemark.node.cluster;

import io.micronaut.core.annotation.Introspected;

/** A number of objects. */
@Introspected
public record Count(long count) {}
