package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.cluster.RestoreOwner;
import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Alias;
import dev.tidemark.node.schema.Collection;
import dev.tidemark.node.schema.Names;
import dev.tidemark.node.schema.NewRestore;
import dev.tidemark.node.schema.Publication;
import dev.tidemark.node.schema.Restore;
import dev.tidemark.node.schema.Restore.State;
import dev.tidemark.node.schema.RestoredCollection;
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
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Restores as a whole. */
@Controller("/v1/restores")
final class RestoreController {
  private final Node node;
  private final Forwarding forwarding;

  RestoreController(Node node, Forwarding forwarding) {
    this.node = node;
    this.forwarding = forwarding;
  }

  /** A collection that a restore has begun. */
  @Introspected
  record BegunCollection(
      String token, State state, Collection collection, boolean replace, boolean tenantsOnly) {}

  /** A restore that is published. */
  @Introspected
  record Published(
      String token,
      State state,
      @Nullable Instant publishedAt,
      List<String> collections,
      List<Alias> aliases) {}

  /** A collection in a restore. */
  @Introspected
  record CollectionView(Collection collection, boolean replace, boolean tenantsOnly) {}

  /** A restore. */
  @Introspected
  record RestoreView(
      String token,
      State state,
      Instant begunAt,
      @Nullable Instant publishedAt,
      List<CollectionView> collections) {}

  /** Restores by their tokens. */
  @Introspected
  record RestoreList(List<RestoreView> restores) {}

  @Put("/{token}/collections/{name}")
  HttpResponse<BegunCollection> begin(
      HttpRequest<?> request, String token, String name, @Body NewRestore body) {
    return forwarding.toSchemaNode(
        request,
        body,
        BegunCollection.class,
        () -> {
          RestoreOwner.Beginning beginning = node.owner().restores().begin(token, name, body);
          BegunCollection view = view(beginning.restore(), beginning.collection());
          return beginning.created() ? HttpResponse.created(view) : HttpResponse.ok(view);
        });
  }

  private static BegunCollection view(Restore restore, RestoredCollection restored) {
    return new BegunCollection(
        restore.token(),
        restore.state(),
        restored.collection(),
        restored.replace(),
        restored.tenantsOnly());
  }

  @Post("/{token}/publish")
  HttpResponse<Published> publish(
      HttpRequest<?> request, String token, @Body @Nullable Publication body) {
    Publication publication = body == null ? new Publication(null) : body;
    return forwarding.toSchemaNode(
        request,
        publication,
        Published.class,
        () -> {
          Restore restore = node.owner().restores().publish(token, publication);
          return HttpResponse.ok(
              new Published(
                  token,
                  restore.state(),
                  restore.publishedAt(),
                  restore.collections().stream().map(each -> each.collection().name()).toList(),
                  restore.aliases()));
        });
  }

  @Delete("/{token}")
  HttpResponse<Void> abort(HttpRequest<?> request, String token) {
    return forwarding.toSchemaNode(
        request,
        null,
        Void.class,
        () -> {
          node.owner().restores().abort(token);
          return HttpResponse.noContent();
        });
  }

  @Get("/{token}")
  RestoreView get(String token) {
    node.follower().tryRefresh();
    Restore restore = node.schema().current().restores().get(token);
    if (restore == null) {
      throw NodeFailure.of(Kind.NOT_FOUND, "restore " + token);
    }
    return view(restore);
  }

  @Get
  RestoreList list(@QueryValue @Nullable String prefix) {
    String start = Names.requirePrefix(prefix);
    node.follower().tryRefresh();
    return new RestoreList(
        node.schema().current().restores().values().stream()
            .filter(restore -> restore.token().startsWith(start))
            .map(RestoreController::view)
            .toList());
  }

  private static RestoreView view(Restore restore) {
    return new RestoreView(
        restore.token(),
        restore.state(),
        restore.begunAt(),
        restore.publishedAt(),
        restore.collections().stream()
            .map(each -> new CollectionView(each.collection(), each.replace(), each.tenantsOnly()))
            .toList());
  }
}
