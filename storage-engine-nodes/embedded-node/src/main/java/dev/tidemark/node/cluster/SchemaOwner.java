package dev.tidemark.node.cluster;

import dev.tidemark.node.cluster.RestoreOwner.NodeToken;
import dev.tidemark.node.schema.Placer;
import dev.tidemark.node.schema.Restore.State;
import dev.tidemark.node.storage.Shards;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/** All changes of the schema, on the node that keeps it. */
public final class SchemaOwner {
  private final Members members;
  private final Peers peers;
  private final LocalRestores localRestores;
  private final CollectionOwner collections;
  private final RestoreOwner restores;

  public SchemaOwner(
      Members members,
      Peers peers,
      SchemaStore store,
      Shards shards,
      LocalRestores localRestores,
      Duration restoresKept,
      InstantSource clock) {
    this.members = members;
    this.peers = peers;
    this.localRestores = localRestores;
    var writer = new SchemaWriter(members, peers, store, clock);
    var placer = new Placer(members.names(), () -> Ids.next("g-"));
    this.collections = new CollectionOwner(writer, placer, members, peers, shards);
    this.restores = new RestoreOwner(writer, placer, restoresKept, this::committed);
  }

  /** Forgets creations that a crash cut short. */
  public void begin() {
    collections.forgetPending();
  }

  public CollectionOwner collections() {
    return collections;
  }

  public RestoreOwner restores() {
    return restores;
  }

  private Set<String> committed(NodeToken asked) {
    RestoredShardList list =
        asked.node().equals(members.self())
            ? localRestores.list(asked.token())
            : peers.call(
                asked.node(),
                "GET",
                "/v1/restores/" + asked.token() + "/shards",
                null,
                RestoredShardList.class);
    var generations = new HashSet<String>();
    list.shards().stream()
        .filter(shard -> shard.state() == State.COMMITTED)
        .forEach(shard -> generations.add(shard.generation()));
    return generations;
  }
}
