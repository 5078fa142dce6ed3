package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.cluster.CollectionOwner;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Activity;
import dev.tidemark.node.schema.Alias;
import dev.tidemark.node.schema.Collection;
import dev.tidemark.node.schema.NewCollection;
import dev.tidemark.node.schema.NewTenants;
import dev.tidemark.node.schema.Schema;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;

/** Collections, tenants and aliases. */
@Controller("/v1")
final class SchemaController {
  private final Node node;
  private final Forwarding forwarding;

  SchemaController(Node node, Forwarding forwarding) {
    this.node = node;
    this.forwarding = forwarding;
  }

  /** The visible part of the schema at one moment. */
  @Introspected
  record SchemaView(
      String clusterId, long version, List<Collection> collections, List<Alias> aliases) {}

  /** Where an alias is to point. */
  @Introspected
  record AliasTarget(String collection) {}

  /** What a tenant is to be. */
  @Introspected
  record TenantStatus(Activity status) {}

  @Get("/schema")
  SchemaView schema() {
    Schema schema = node.schema().current();
    return new SchemaView(
        schema.clusterId(),
        schema.version(),
        List.copyOf(schema.collections().values()),
        schema.aliases().entrySet().stream()
            .map(alias -> new Alias(alias.getKey(), alias.getValue()))
            .toList());
  }

  @Get("/collections/{name}")
  Collection collection(String name) {
    return node.coordinator().require(name);
  }

  @Post("/collections")
  HttpResponse<Collection> create(HttpRequest<?> request, @Body NewCollection body) {
    return forwarding.toSchemaNode(
        request,
        body,
        Collection.class,
        () -> {
          CollectionOwner.Creation creation = node.owner().collections().create(body);
          return creation.created()
              ? HttpResponse.created(creation.collection())
              : HttpResponse.ok(creation.collection());
        });
  }

  @Delete("/collections/{name}")
  HttpResponse<Void> drop(HttpRequest<?> request, String name) {
    return done(request, () -> node.owner().collections().drop(name));
  }

  @Put("/aliases/{alias}")
  HttpResponse<Alias> setAlias(HttpRequest<?> request, String alias, @Body AliasTarget body) {
    return forwarding.toSchemaNode(
        request,
        body,
        Alias.class,
        () -> HttpResponse.ok(node.owner().collections().setAlias(alias, body.collection())));
  }

  @Delete("/aliases/{alias}")
  HttpResponse<Void> dropAlias(HttpRequest<?> request, String alias) {
    return done(request, () -> node.owner().collections().dropAlias(alias));
  }

  @Post("/collections/{name}/tenants")
  HttpResponse<Collection> addTenants(HttpRequest<?> request, String name, @Body NewTenants body) {
    return forwarding.toSchemaNode(
        request,
        body,
        Collection.class,
        () -> HttpResponse.ok(node.owner().collections().addTenants(name, body)));
  }

  @Put("/collections/{name}/tenants/{tenant}/status")
  HttpResponse<Collection> setStatus(
      HttpRequest<?> request, String name, String tenant, @Body TenantStatus body) {
    if (body.status() == null) {
      throw NodeFailure.invalid("status", "ACTIVE or INACTIVE", "none");
    }
    return forwarding.toSchemaNode(
        request,
        body,
        Collection.class,
        () -> HttpResponse.ok(node.owner().collections().setActivity(name, tenant, body.status())));
  }

  @Delete("/collections/{name}/tenants/{tenant}")
  HttpResponse<Void> dropTenant(HttpRequest<?> request, String name, String tenant) {
    return done(request, () -> node.owner().collections().dropTenant(name, tenant));
  }

  private HttpResponse<Void> done(HttpRequest<?> request, Runnable change) {
    return forwarding.toSchemaNode(
        request,
        null,
        Void.class,
        () -> {
          change.run();
          return HttpResponse.noContent();
        });
  }

  /** A newer schema, sent by the schema node. */
  @Hidden
  @Put("/schema")
  HttpResponse<Void> adopt(@Body Schema schema) {
    node.schema().adopt(schema);
    return HttpResponse.noContent();
  }

  /** The schema with all that is not visible, for a node that has the one of this stamp. */
  @Hidden
  @Get("/schema/full")
  HttpResponse<Schema> full(@QueryValue(defaultValue = "") String known) {
    Schema schema = node.schema().current();
    return schema.stamp().equals(known) ? HttpResponse.noContent() : HttpResponse.ok(schema);
  }
}
