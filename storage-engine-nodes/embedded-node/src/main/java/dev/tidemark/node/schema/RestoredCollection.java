package dev.tidemark.node.schema;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/**
 * A collection, or some of its tenants, in the making by a restore.
 *
 * @param aliases set when it is published, each where its name is free
 * @param digest of the request that began it
 */
@Introspected
public record RestoredCollection(
    Collection collection,
    boolean replace,
    boolean tenantsOnly,
    List<String> aliases,
    String digest) {}
