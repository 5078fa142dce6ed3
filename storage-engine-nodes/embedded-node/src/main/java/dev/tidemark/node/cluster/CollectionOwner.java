package dev.tidemark.node.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.Json;
import dev.tidemark.node.schema.Activity;
import dev.tidemark.node.schema.Alias;
import dev.tidemark.node.schema.Collection;
import dev.tidemark.node.schema.Names;
import dev.tidemark.node.schema.NewCollection;
import dev.tidemark.node.schema.NewTenants;
import dev.tidemark.node.schema.Placement;
import dev.tidemark.node.schema.Placer;
import dev.tidemark.node.schema.Restore;
import dev.tidemark.node.schema.Schema;
import dev.tidemark.node.schema.Schema.Assignment;
import dev.tidemark.node.schema.TokenUse;
import dev.tidemark.node.storage.Sha256;
import dev.tidemark.node.storage.Shards;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Changes collections, tenants and aliases, on the schema node. A creation is first pending in the
 * schema, then its shards are made, then it is visible; one that a crash cut short is forgotten at
 * the next start, and the nodes remove its shards.
 */
public final class CollectionOwner {
  private final SchemaWriter writer;
  private final Placer placer;
  private final Members members;
  private final Peers peers;
  private final Shards shards;

  CollectionOwner(SchemaWriter writer, Placer placer, Members members, Peers peers, Shards shards) {
    this.writer = writer;
    this.placer = placer;
    this.members = members;
    this.peers = peers;
    this.shards = shards;
  }

  /**
   * A collection that is there.
   *
   * @param created whether by this call
   */
  public record Creation(Collection collection, boolean created) {}

  void forgetPending() {
    writer.exclusively(
        () -> {
          if (!writer.current().pending().isEmpty()) {
            writer.commit(next -> next.pending().clear());
          }
          return writer;
        });
  }

  public Creation create(NewCollection request) {
    request.check();
    String digest = digest(request);
    return writer.exclusively(
        () -> {
          if (writer.repeated(request.token(), digest)) {
            return new Creation(require(request.name()), false);
          }
          requireFree(writer.current(), request.name());
          var collection =
              new Collection(
                  request.name(),
                  Ids.next("c-"),
                  request.dimensions(),
                  request.distance(),
                  request.multiTenant(),
                  placer.place(request));
          make(collection);
          writer.commit(
              next -> {
                next.pending().remove(collection.name());
                next.collections().put(collection.name(), collection);
                next.tokens().put(request.token(), use(digest, collection));
              });
          return new Creation(collection, true);
        });
  }

  private TokenUse use(String digest, Collection collection) {
    return new TokenUse(digest, collection.name(), writer.now());
  }

  static void requireFree(Schema schema, String name) {
    if (schema.collections().containsKey(name)) {
      throw NodeFailure.of(Kind.CONFLICT, "name " + name)
          .expected("a name that is free")
          .found("a collection")
          .hint("choose another name, or drop the collection first");
    }
    requireNoAlias(schema, name);
    holder(schema, name)
        .ifPresent(
            restore -> {
              throw NodeFailure.of(Kind.CONFLICT, "name " + name)
                  .expected("a name that is free")
                  .found("restore " + restore.token() + " holds it")
                  .hint("publish or abort the restore first");
            });
  }

  static void requireNoAlias(Schema schema, String name) {
    if (schema.aliases().containsKey(name)) {
      throw NodeFailure.of(Kind.CONFLICT, "name " + name)
          .expected("a name that is free")
          .found("an alias of " + schema.aliases().get(name))
          .hint("choose another name, or drop the alias first");
    }
  }

  /** The unpublished restore that is to bring a whole collection of this name. */
  static Optional<Restore> holder(Schema schema, String name) {
    return schema.restores().values().stream()
        .filter(restore -> restore.state() == Restore.State.BEGUN)
        .filter(restore -> restore.collection(name).filter(one -> !one.tenantsOnly()).isPresent())
        .findFirst();
  }

  private void make(Collection pending) {
    writer.commit(next -> next.pending().put(pending.name(), pending));
    try {
      var told = new HashSet<String>();
      for (Placement placement : pending.shards()) {
        if (placement.node().equals(members.self())) {
          shards.make(new Assignment(pending, placement));
        } else {
          if (told.add(placement.node())) {
            writer.tell(placement.node());
          }
          peers.send(placement.node(), "PUT", makePath(pending, placement), null);
        }
      }
    } catch (RuntimeException e) {
      writer.commit(next -> next.pending().remove(pending.name()));
      throw e;
    }
  }

  private static String makePath(Collection collection, Placement placement) {
    return "/v1/shards/%s/%s?generation=%s"
        .formatted(collection.name(), placement.name(), placement.generation());
  }

  public void drop(String name) {
    writer.exclusively(
        () -> {
          if (writer.current().collections().containsKey(name)) {
            writer.commit(
                next -> {
                  next.collections().remove(name);
                  next.aliases().values().removeIf(name::equals);
                  next.tokens().values().removeIf(use -> use.collection().equals(name));
                });
          }
          return name;
        });
  }

  public Alias setAlias(String alias, String collection) {
    Names.require("alias", alias);
    return writer.exclusively(
        () -> {
          require(collection);
          if (!writer.current().aliases().containsKey(alias)) {
            requireFree(writer.current(), alias);
          }
          writer.commit(next -> next.aliases().put(alias, collection));
          return new Alias(alias, collection);
        });
  }

  public void dropAlias(String alias) {
    writer.exclusively(
        () -> {
          if (writer.current().aliases().containsKey(alias)) {
            writer.commit(next -> next.aliases().remove(alias));
          }
          return alias;
        });
  }

  public Collection addTenants(String name, NewTenants request) {
    Names.require("token", request.token());
    String digest = digest(List.of(name, request));
    return writer.exclusively(
        () -> {
          Collection collection = requireMultiTenant(name);
          if (writer.repeated(request.token(), digest)) {
            return collection;
          }
          List<Placement> added = placer.placeTenants(request.tenants(), collection.shards());
          requireNew(collection, added);
          make(collection.withShards(added));
          writer.commit(
              next -> {
                next.pending().remove(name);
                next.collections().put(name, collection.replacing(added));
                next.tokens().put(request.token(), use(digest, collection));
              });
          return require(name);
        });
  }

  static void requireNew(Collection collection, List<Placement> tenants) {
    List<String> present =
        tenants.stream()
            .map(Placement::name)
            .filter(name -> collection.shard(name).isPresent())
            .toList();
    if (!present.isEmpty()) {
      throw NodeFailure.of(Kind.CONFLICT, "tenants of collection " + collection.name())
          .expected("tenants that are new")
          .found(String.join(", ", present));
    }
  }

  public Collection setActivity(String name, String tenant, Activity activity) {
    return writer.exclusively(
        () -> {
          Collection collection = requireMultiTenant(name);
          Placement placement =
              collection
                  .shard(tenant)
                  .orElseThrow(
                      () -> NodeFailure.of(Kind.NOT_FOUND, "tenant " + name + "/" + tenant));
          if (placement.status() != activity) {
            var changed =
                collection.shards().stream()
                    .map(each -> each.equals(placement) ? each.with(activity) : each)
                    .toList();
            writer.commit(next -> next.collections().put(name, collection.withShards(changed)));
          }
          return require(name);
        });
  }

  public void dropTenant(String name, String tenant) {
    writer.exclusively(
        () -> {
          Collection collection = requireMultiTenant(name);
          if (collection.shard(tenant).isPresent()) {
            var others =
                collection.shards().stream().filter(each -> !each.name().equals(tenant)).toList();
            writer.commit(next -> next.collections().put(name, collection.withShards(others)));
          }
          return tenant;
        });
  }

  private Collection requireMultiTenant(String name) {
    Collection collection = require(name);
    if (!collection.multiTenant()) {
      throw NodeFailure.invalid(
          "collection " + name, "one that is multi-tenant", "one that is not");
    }
    return collection;
  }

  private Collection require(String name) {
    Collection collection = writer.current().collections().get(name);
    if (collection == null) {
      throw NodeFailure.of(Kind.NOT_FOUND, "collection " + name);
    }
    return collection;
  }

  static String digest(Object request) {
    try {
      return Sha256.of(Json.mapper().writeValueAsBytes(request));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON", e);
    }
  }
}
