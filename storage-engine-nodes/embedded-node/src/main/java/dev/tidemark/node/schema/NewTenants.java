package dev.tidemark.node.schema;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/** A request to add tenants to a multi-tenant collection. */
@Introspected
public record NewTenants(String token, List<NewShard> tenants) {}
