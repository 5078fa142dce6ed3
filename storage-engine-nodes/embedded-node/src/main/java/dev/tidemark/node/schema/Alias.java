package dev.tidemark.node.schema;

import io.micronaut.core.annotation.Introspected;

/** Another name of a collection. */
@Introspected
public record Alias(String name, String collection) {}
