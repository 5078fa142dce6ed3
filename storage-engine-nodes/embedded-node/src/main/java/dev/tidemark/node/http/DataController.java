package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.cluster.Count;
import dev.tidemark.node.cluster.Hits;
import dev.tidemark.node.cluster.ObjectBatch;
import dev.tidemark.node.cluster.ObjectPage;
import dev.tidemark.node.storage.ImportOutcome;
import dev.tidemark.node.storage.StoredObject;
import dev.tidemark.node.storage.VectorQuery;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import org.jspecify.annotations.Nullable;

/** Objects of whole collections, from any node. */
@Controller("/v1/collections/{name}")
final class DataController {
  private final Node node;

  DataController(Node node) {
    this.node = node;
  }

  @Post("/objects")
  HttpResponse<ImportOutcome> put(
      String name, @QueryValue @Nullable String tenant, @Body ObjectBatch body) {
    return Pages.imported(node.coordinator().put(name, tenant, body));
  }

  @Get("/objects/{id}")
  StoredObject get(String name, @QueryValue @Nullable String tenant, String id) {
    return node.coordinator().get(name, tenant, id);
  }

  @Delete("/objects/{id}")
  HttpResponse<Void> delete(String name, @QueryValue @Nullable String tenant, String id) {
    node.coordinator().delete(name, tenant, id);
    return HttpResponse.noContent();
  }

  @Get("/objects")
  ObjectPage list(
      String name,
      @QueryValue @Nullable String tenant,
      @QueryValue @Nullable String after,
      @QueryValue(defaultValue = Pages.DEFAULT_LIMIT) int limit) {
    return node.coordinator().list(name, tenant, after, Pages.checked(limit));
  }

  @Get("/count")
  Count count(String name, @QueryValue @Nullable String tenant) {
    return node.coordinator().count(name, tenant);
  }

  @Post("/search")
  Hits search(String name, @QueryValue @Nullable String tenant, @Body VectorQuery body) {
    return node.coordinator().search(name, tenant, body);
  }
}
