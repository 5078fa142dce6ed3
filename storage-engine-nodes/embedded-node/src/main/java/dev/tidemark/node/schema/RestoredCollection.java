package dev.tidemark.node.schema;

import io.micronaut.core.annotation.Introspected;

/**
 * A collection, or some of its tenants, in the making by a restore.
 *
 * @param digest of the request that began it
 */
@Introspected
public record RestoredCollection(
    Collection collection, boolean replace, boolean tenantsOnly, String digest) {}
