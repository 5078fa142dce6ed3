package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.cluster.Count;
import dev.tidemark.node.cluster.Hits;
import dev.tidemark.node.cluster.ObjectBatch;
import dev.tidemark.node.cluster.ObjectPage;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.storage.ImportOutcome;
import dev.tidemark.node.storage.Shard;
import dev.tidemark.node.storage.ShardLine;
import dev.tidemark.node.storage.ShardStatus;
import dev.tidemark.node.storage.StoredObject;
import dev.tidemark.node.storage.VectorQuery;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Hidden;
import org.jspecify.annotations.Nullable;

/** Shards of this node. */
@Controller("/v1/shards/{collection}/{shard}")
final class ShardController {
  private final Node node;

  ShardController(Node node) {
    this.node = node;
  }

  /** What a shard is to be: READY or READONLY. */
  @Introspected
  record StatusChange(ShardStatus status) {}

  private Shard require(String collection, String shard, @Nullable String generation) {
    return node.localShards().require(collection, shard, generation);
  }

  @Get
  ShardLine line(String collection, String shard, @QueryValue @Nullable String generation) {
    return require(collection, shard, generation).line();
  }

  /** Makes the shard of a collection in the making; asked by the schema node. */
  @Hidden
  @Put
  HttpResponse<Void> make(String collection, String shard, @QueryValue String generation) {
    node.localShards().make(generation);
    return HttpResponse.noContent();
  }

  @Post("/status")
  ShardLine setStatus(
      String collection,
      String shard,
      @QueryValue @Nullable String generation,
      @Body StatusChange body) {
    Shard found = require(collection, shard, generation);
    if (body.status() == ShardStatus.READY) {
      found.makeReady();
    } else if (body.status() == ShardStatus.READONLY) {
      found.makeReadonly("by request");
    } else {
      throw NodeFailure.invalid("status", "READY or READONLY", body.status());
    }
    return found.line();
  }

  @Post("/objects")
  HttpResponse<ImportOutcome> put(
      String collection,
      String shard,
      @QueryValue @Nullable String generation,
      @Body ObjectBatch body) {
    body.check();
    return Pages.imported(require(collection, shard, generation).put(body.objects()));
  }

  @Get("/objects/{id}")
  StoredObject get(
      String collection, String shard, @QueryValue @Nullable String generation, String id) {
    return require(collection, shard, generation).get(id);
  }

  @Delete("/objects/{id}")
  HttpResponse<Void> delete(
      String collection, String shard, @QueryValue @Nullable String generation, String id) {
    require(collection, shard, generation).delete(id);
    return HttpResponse.noContent();
  }

  @Get("/objects")
  ObjectPage list(
      String collection,
      String shard,
      @QueryValue @Nullable String generation,
      @QueryValue @Nullable String after,
      @QueryValue(defaultValue = Pages.DEFAULT_LIMIT) int limit) {
    return ObjectPage.of(
        require(collection, shard, generation).list(after, Pages.checked(limit)), limit);
  }

  @Get("/count")
  Count count(String collection, String shard, @QueryValue @Nullable String generation) {
    return new Count(require(collection, shard, generation).count());
  }

  @Post("/search")
  Hits search(
      String collection,
      String shard,
      @QueryValue @Nullable String generation,
      @Body VectorQuery body) {
    return new Hits(require(collection, shard, generation).search(body));
  }
}
