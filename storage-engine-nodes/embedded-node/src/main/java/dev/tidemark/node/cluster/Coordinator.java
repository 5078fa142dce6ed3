package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Collection;
import dev.tidemark.node.schema.Placement;
import dev.tidemark.node.storage.Hit;
import dev.tidemark.node.storage.ImportOutcome;
import dev.tidemark.node.storage.Shards;
import dev.tidemark.node.storage.StoredObject;
import dev.tidemark.node.storage.VectorQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Data calls on whole collections, from any node. A call reads the schema once and asks every shard
 * for the generation that it found there; where one of them is gone (or not here yet), the whole
 * call is made again with a newer schema. So no answer mixes generations.
 */
public final class Coordinator {
  private static final int ATTEMPTS = 4;
  private static final Comparator<StoredObject> BY_ID =
      Comparator.comparing(
          object -> object.id().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private final Members members;
  private final SchemaStore store;
  private final SchemaFollower follower;
  private final Shards shards;
  private final Peers peers;
  private final ExecutorService executor;

  public Coordinator(
      Members members,
      SchemaStore store,
      SchemaFollower follower,
      Shards shards,
      Peers peers,
      ExecutorService executor) {
    this.members = members;
    this.store = store;
    this.follower = follower;
    this.shards = shards;
    this.peers = peers;
    this.executor = executor;
  }

  /** A collection by its name or an alias. */
  public Collection require(String name) {
    Optional<Collection> known = store.current().resolve(name);
    if (known.isEmpty()) {
      follower.tryRefresh();
      known = store.current().resolve(name);
    }
    return known.orElseThrow(() -> NodeFailure.of(Kind.NOT_FOUND, "collection " + name));
  }

  private <T> T routed(String name, @Nullable String tenant, Function<Routing, T> call) {
    for (int attempt = 1; ; attempt++) {
      Collection collection = require(name);
      try {
        return call.apply(new Routing(collection, tenant));
      } catch (NodeFailure e) {
        boolean stale = e.kind() == Kind.GENERATION_UNKNOWN;
        boolean unknownTenant = e.kind() == Kind.NOT_FOUND && tenant != null && attempt == 1;
        if (!(stale || unknownTenant) || attempt == ATTEMPTS) {
          throw e;
        }
        follower.tryRefresh();
      }
    }
  }

  public ImportOutcome put(String name, @Nullable String tenant, ObjectBatch batch) {
    batch.check();
    return routed(name, tenant, routing -> put(routing, batch.objects()));
  }

  private ImportOutcome put(Routing routing, List<StoredObject> objects) {
    var batches = new BatchSplit(routing, objects);
    List<CompletableFuture<ImportOutcome>> calls =
        batches.placements().stream()
            .map(shard -> start(() -> put(routing, shard, batches.of(shard))))
            .toList();
    for (int i = 0; i < calls.size(); i++) {
      Placement shard = batches.placements().get(i);
      try {
        batches.done(shard, join(calls.get(i)));
      } catch (NodeFailure e) {
        batches.failed(shard, e);
      }
    }
    return batches.outcome();
  }

  private ImportOutcome put(Routing routing, Placement shard, List<StoredObject> objects) {
    return here(shard)
        ? shards.require(shard.generation()).put(objects)
        : peers.call(
            shard.node(),
            "POST",
            path(routing, shard, "/objects", ""),
            new ObjectBatch(objects),
            ImportOutcome.class);
  }

  public StoredObject get(String name, @Nullable String tenant, String id) {
    return routed(
        name,
        tenant,
        routing -> {
          Placement shard = routing.shard(id);
          return here(shard)
              ? shards.require(shard.generation()).get(id)
              : peers.call(
                  shard.node(),
                  "GET",
                  path(routing, shard, "/objects/" + encode(id), ""),
                  null,
                  StoredObject.class);
        });
  }

  public void delete(String name, @Nullable String tenant, String id) {
    routed(
        name,
        tenant,
        routing -> {
          Placement shard = routing.shard(id);
          if (here(shard)) {
            shards.require(shard.generation()).delete(id);
          } else {
            peers.send(
                shard.node(), "DELETE", path(routing, shard, "/objects/" + encode(id), ""), null);
          }
          return id;
        });
  }

  public ObjectPage list(String name, @Nullable String tenant, @Nullable String after, int limit) {
    return routed(
        name,
        tenant,
        routing -> {
          List<StoredObject> all =
              onEach(routing, shard -> list(routing, shard, after, limit)).stream()
                  .flatMap(List::stream)
                  .sorted(BY_ID)
                  .limit(limit)
                  .toList();
          return ObjectPage.of(all, limit);
        });
  }

  private List<StoredObject> list(
      Routing routing, Placement shard, @Nullable String after, int limit) {
    if (here(shard)) {
      return shards.require(shard.generation()).list(after, limit);
    }
    String query = "&limit=" + limit + (after == null ? "" : "&after=" + encode(after));
    String path = path(routing, shard, "/objects", query);
    return peers.call(shard.node(), "GET", path, null, ObjectPage.class).objects();
  }

  public Count count(String name, @Nullable String tenant) {
    return routed(
        name,
        tenant,
        routing ->
            new Count(
                onEach(routing, shard -> count(routing, shard)).stream()
                    .mapToLong(Long::longValue)
                    .sum()));
  }

  private long count(Routing routing, Placement shard) {
    return here(shard)
        ? shards.require(shard.generation()).count()
        : peers
            .call(shard.node(), "GET", path(routing, shard, "/count", ""), null, Count.class)
            .count();
  }

  public Hits search(String name, @Nullable String tenant, VectorQuery query) {
    return routed(
        name,
        tenant,
        routing -> {
          query.check(routing.collection().dimensions());
          return new Hits(
              onEach(routing, shard -> search(routing, shard, query)).stream()
                  .flatMap(List::stream)
                  .sorted(Hit.ORDER)
                  .limit(query.k())
                  .toList());
        });
  }

  private List<Hit> search(Routing routing, Placement shard, VectorQuery query) {
    return here(shard)
        ? shards.require(shard.generation()).search(query)
        : peers
            .call(shard.node(), "POST", path(routing, shard, "/search", ""), query, Hits.class)
            .hits();
  }

  private <T> List<T> onEach(Routing routing, Function<Placement, T> call) {
    List<CompletableFuture<T>> calls =
        routing.shards().stream().map(shard -> start(() -> call.apply(shard))).toList();
    // All are awaited, so that no failure leaves a call behind.
    Stream.of(calls.toArray(CompletableFuture<?>[]::new))
        .forEach(each -> each.handle((done, failure) -> true).join());
    var answers = new ArrayList<T>();
    calls.forEach(each -> answers.add(join(each)));
    return answers;
  }

  private <T> CompletableFuture<T> start(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, executor);
  }

  private static <T> T join(CompletableFuture<T> call) {
    try {
      return call.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof NodeFailure failure) {
        throw failure;
      }
      throw e;
    }
  }

  private boolean here(Placement shard) {
    return shard.node().equals(members.self());
  }

  private static String path(Routing routing, Placement shard, String rest, String query) {
    return "/v1/shards/%s/%s%s?generation=%s%s"
        .formatted(routing.collection().name(), shard.name(), rest, shard.generation(), query);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
