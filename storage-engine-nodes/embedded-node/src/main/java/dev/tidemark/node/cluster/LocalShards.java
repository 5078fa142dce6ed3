package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Collection;
import dev.tidemark.node.schema.Schema.Assignment;
import dev.tidemark.node.storage.Shard;
import dev.tidemark.node.storage.Shards;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds shards of this node by their names, as the newest schema that matters has them. */
public final class LocalShards {
  private final Members members;
  private final SchemaStore store;
  private final SchemaFollower follower;
  private final Shards shards;

  public LocalShards(Members members, SchemaStore store, SchemaFollower follower, Shards shards) {
    this.members = members;
    this.store = store;
    this.follower = follower;
    this.shards = shards;
  }

  /**
   * @param generation the only one that will do; null for the present one
   */
  public Shard require(String collection, String shard, @Nullable String generation) {
    if (find(collection, shard, generation).isEmpty()) {
      follower.tryRefresh();
    }
    String found =
        find(collection, shard, generation)
            .orElseThrow(() -> refusal(collection, shard, generation))
            .placement()
            .generation();
    return shards.require(found);
  }

  private Optional<Assignment> find(String collection, String shard, @Nullable String generation) {
    var live = store.assignments().live();
    if (generation == null) {
      return store.assignments().live(collection, shard);
    }
    return Optional.ofNullable(live.get(generation))
        .filter(found -> found.toString().equals(collection + "/" + shard));
  }

  private NodeFailure refusal(String collection, String shard, @Nullable String generation) {
    String what = "shard " + collection + "/" + shard + " on node " + members.self();
    if (generation != null) {
      return NodeFailure.of(Kind.GENERATION_UNKNOWN, what).expected("generation " + generation);
    }
    return store
        .current()
        .resolve(collection)
        .map(Collection::shards)
        .flatMap(all -> all.stream().filter(each -> each.name().equals(shard)).findFirst())
        .map(placement -> NodeFailure.of(Kind.NOT_FOUND, what).hint("ask node " + placement.node()))
        .orElseGet(() -> NodeFailure.of(Kind.NOT_FOUND, what));
  }

  /** Makes the shard of a collection in the making. */
  public void make(String generation) {
    Assignment pending = store.assignments().hidden().get(generation);
    if (pending == null) {
      throw NodeFailure.of(Kind.GENERATION_UNKNOWN, "make generation " + generation)
          .expected("one that the schema has as pending");
    }
    shards.make(pending);
  }
}
