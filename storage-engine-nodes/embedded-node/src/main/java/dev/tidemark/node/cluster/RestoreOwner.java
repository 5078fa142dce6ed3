package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Alias;
import dev.tidemark.node.schema.Collection;
import dev.tidemark.node.schema.Names;
import dev.tidemark.node.schema.NewCollection;
import dev.tidemark.node.schema.NewRestore;
import dev.tidemark.node.schema.Placement;
import dev.tidemark.node.schema.Placer;
import dev.tidemark.node.schema.Publication;
import dev.tidemark.node.schema.Restore;
import dev.tidemark.node.schema.RestoredCollection;
import dev.tidemark.node.schema.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Begins, publishes and aborts restores, on the schema node. Publishing is one write of the schema:
 * before it nobody sees anything of the restore, after it nobody sees what it replaced. Nodes
 * remove replaced and aborted generations when they learn of that write, or at their next start.
 */
public final class RestoreOwner {
  private static final Duration PUBLISHED_KEPT = Duration.ofDays(7);

  private final SchemaWriter writer;
  private final Placer placer;
  private final Duration unpublishedKept;
  private final Function<NodeToken, Set<String>> committed;

  /** Whom to ask for which restore. */
  record NodeToken(String node, String token) {}

  /**
   * @param committed asks a node for the generations of a restore that it has committed
   */
  RestoreOwner(
      SchemaWriter writer,
      Placer placer,
      Duration unpublishedKept,
      Function<NodeToken, Set<String>> committed) {
    this.writer = writer;
    this.placer = placer;
    this.unpublishedKept = unpublishedKept;
    this.committed = committed;
  }

  /**
   * A collection that a restore has begun.
   *
   * @param created whether by this call
   */
  public record Beginning(Restore restore, RestoredCollection collection, boolean created) {}

  public Beginning begin(String token, String name, NewRestore request) {
    Names.require("token", token);
    Names.require("collection", name);
    NewCollection.checkShape(request.dimensions(), request.distance());
    request.aliasesOrNone().forEach(alias -> Names.require("alias", alias));
    String digest = CollectionOwner.digest(request);
    return writer.exclusively(
        () -> {
          Restore restore = writer.current().restores().get(token);
          if (restore != null && restore.collection(name).isPresent()) {
            return found(restore, name, digest);
          }
          if (restore != null && restore.state() == Restore.State.PUBLISHED) {
            throw conflict("restore " + token, "one that is not published", "PUBLISHED")
                .hint("use a new token");
          }
          var begun =
              new RestoredCollection(
                  placed(name, request),
                  request.replaces(),
                  request.restoresTenants(),
                  request.aliasesOrNone(),
                  digest);
          requireAllowed(writer.current(), begun);
          requireUnheld(writer.current(), begun);
          Restore grown = grown(token, restore, begun);
          writer.commit(next -> next.restores().put(token, grown));
          return new Beginning(grown, begun, true);
        });
  }

  private static Beginning found(Restore restore, String name, String digest) {
    RestoredCollection before = restore.collection(name).orElseThrow();
    if (!before.digest().equals(digest)) {
      throw conflict(
              "restore " + restore.token() + " of collection " + name,
              "the request that began it",
              "another request")
          .hint("abort the restore first, or use a new token");
    }
    return new Beginning(restore, before, false);
  }

  private Collection placed(String name, NewRestore request) {
    List<Placement> shards = placer.placeRestored(request);
    return new Collection(
        name,
        Ids.next("c-"),
        request.dimensions(),
        request.distance(),
        request.multiTenant(),
        shards);
  }

  private Restore grown(String token, @Nullable Restore before, RestoredCollection begun) {
    var all = new ArrayList<RestoredCollection>();
    if (before != null) {
      all.addAll(before.collections());
    }
    all.add(begun);
    Instant begunAt = before == null ? writer.now() : before.begunAt();
    return new Restore(token, begunAt, null, all, List.of());
  }

  /** Asked when it begins, and again when it is published: what exists may have changed. */
  private static void requireAllowed(Schema schema, RestoredCollection restored) {
    String name = restored.collection().name();
    Collection present = schema.collections().get(name);
    if (restored.tenantsOnly()) {
      requireTenantsFit(present, restored);
      return;
    }
    CollectionOwner.requireNoAlias(schema, name);
    if (present != null && !restored.replace()) {
      throw conflict("restore of collection " + name, "no collection of this name", "one")
          .hint("restore under another name, or say that it is to be replaced");
    }
  }

  private static void requireUnheld(Schema schema, RestoredCollection restored) {
    String name = restored.collection().name();
    var other = CollectionOwner.holder(schema, name);
    if (other.isPresent()) {
      throw conflict(
              "restore of collection " + name,
              "no other restore of it",
              "restore " + other.get().token())
          .hint("publish or abort the other restore first");
    }
  }

  private static void requireTenantsFit(@Nullable Collection present, RestoredCollection restored) {
    Collection wanted = restored.collection();
    if (present == null || !present.multiTenant() || !present.likeShaped(wanted)) {
      throw conflict(
              "restore of tenants of collection " + wanted.name(),
              "a multi-tenant collection of %d dimensions, %s"
                  .formatted(wanted.dimensions(), wanted.distance()),
              present == null
                  ? "none"
                  : "%s, %d dimensions, %s"
                      .formatted(
                          present.multiTenant() ? "multi-tenant" : "not multi-tenant",
                          present.dimensions(),
                          present.distance()))
          .hint("restore the whole collection");
    }
    if (!restored.replace()) {
      CollectionOwner.requireNew(present, wanted.shards());
    }
  }

  /** Makes all of a restore visible at one moment, or nothing. Idempotent. */
  public Restore publish(String token, Publication request) {
    return writer.exclusively(
        () -> {
          Restore restore = require(token);
          if (restore.state() == Restore.State.PUBLISHED) {
            return restore;
          }
          Schema schema = writer.current();
          restore.collections().forEach(each -> requireAllowed(schema, each));
          requireAliases(schema, restore, request.aliasesOrNone());
          requireCommitted(restore);
          var published =
              new Restore(
                  token,
                  restore.begunAt(),
                  writer.now(),
                  restore.collections(),
                  request.aliasesOrNone());
          writer.commit(next -> show(next, published));
          return published;
        });
  }

  private static void show(Schema next, Restore published) {
    for (RestoredCollection restored : published.collections()) {
      Collection collection = restored.collection();
      Collection present = next.collections().get(collection.name());
      next.collections()
          .put(
              collection.name(),
              restored.tenantsOnly() && present != null
                  ? present.replacing(collection.shards())
                  : collection);
      next.tokens().values().removeIf(use -> use.collection().equals(collection.name()));
    }
    for (RestoredCollection restored : published.collections()) {
      for (String alias : restored.aliases()) {
        if (!next.collections().containsKey(alias)) {
          next.aliases().putIfAbsent(alias, restored.collection().name());
        }
      }
    }
    published.aliases().forEach(alias -> next.aliases().put(alias.name(), alias.collection()));
    next.restores().put(published.token(), published);
  }

  private static void requireAliases(Schema schema, Restore restore, List<Alias> aliases) {
    for (Alias alias : aliases) {
      Names.require("alias", alias.name());
      boolean restored = restore.collection(alias.collection()).isPresent();
      if (!restored && !schema.collections().containsKey(alias.collection())) {
        throw NodeFailure.of(Kind.NOT_FOUND, "collection of alias " + alias.name())
            .found(alias.collection());
      }
      if (schema.collections().containsKey(alias.name())
          || restore.collection(alias.name()).isPresent()) {
        throw conflict("alias " + alias.name(), "a name that is free", "a collection");
      }
      String present = schema.aliases().get(alias.name());
      boolean moves = present != null && !present.equals(alias.collection());
      if (moves
          && !restore
              .collection(alias.collection())
              .map(RestoredCollection::replace)
              .orElse(false)) {
        throw conflict("alias " + alias.name(), "no alias of this name", "one of " + present)
            .hint("restore with replace to move aliases");
      }
    }
  }

  private void requireCommitted(Restore restore) {
    var missing = new ArrayList<String>();
    var nodes = new HashSet<String>();
    restore
        .collections()
        .forEach(each -> each.collection().shards().forEach(shard -> nodes.add(shard.node())));
    var done = new HashSet<String>();
    nodes.forEach(node -> done.addAll(committed.apply(new NodeToken(node, restore.token()))));
    for (RestoredCollection restored : restore.collections()) {
      for (Placement shard : restored.collection().shards()) {
        if (!done.contains(shard.generation())) {
          missing.add(restored.collection().name() + "/" + shard.name() + " on " + shard.node());
        }
      }
    }
    if (!missing.isEmpty()) {
      throw conflict(
              "publish restore " + restore.token(),
              "every shard committed on its node",
              "not committed: " + String.join(", ", missing))
          .hint("commit these shards first");
    }
  }

  /** Forgets what is not published; what is published stays. Idempotent. */
  public void abort(String token) {
    writer.exclusively(
        () -> {
          Restore restore = writer.current().restores().get(token);
          if (restore != null && restore.state() == Restore.State.BEGUN) {
            writer.commit(next -> next.restores().remove(token));
          }
          return token;
        });
  }

  /** Forgets what was begun, or published, too long ago. */
  public void expire() {
    writer.exclusively(
        () -> {
          Instant now = writer.now();
          boolean expired =
              writer.current().restores().values().stream().anyMatch(each -> over(each, now));
          if (expired) {
            writer.commit(next -> next.restores().values().removeIf(each -> over(each, now)));
          }
          return now;
        });
  }

  private boolean over(Restore restore, Instant now) {
    Instant published = restore.publishedAt();
    return published == null
        ? restore.begunAt().plus(unpublishedKept).isBefore(now)
        : published.plus(PUBLISHED_KEPT).isBefore(now);
  }

  private Restore require(String token) {
    Restore restore = writer.current().restores().get(token);
    if (restore == null) {
      throw NodeFailure.of(Kind.NOT_FOUND, "restore " + token);
    }
    return restore;
  }

  private static NodeFailure conflict(String what, String expected, String found) {
    return NodeFailure.of(Kind.CONFLICT, what).expected(expected).found(found);
  }
}
