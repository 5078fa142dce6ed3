package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Collection;
import dev.tidemark.node.schema.Placement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which shard an object belongs to: the one whose name and the object's id hash highest together
 * (rendezvous hashing), so the order of shards does not matter when a collection is restored.
 */
final class Routing {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final Collection collection;
  private final List<Placement> shards;
  private final long[] names;

  /**
   * @param tenant required for a multi-tenant collection, refused for others
   */
  Routing(Collection collection, @Nullable String tenant) {
    this.collection = collection;
    this.shards = shards(collection, tenant);
    this.names = shards.stream().mapToLong(shard -> hash(shard.name())).toArray();
  }

  private static List<Placement> shards(Collection collection, @Nullable String tenant) {
    if (collection.multiTenant() != (tenant != null)) {
      throw NodeFailure.invalid(
          "tenant of collection " + collection.name(),
          collection.multiTenant() ? "?tenant=: the collection is multi-tenant" : "none",
          tenant == null ? "none" : tenant);
    }
    if (tenant == null) {
      return collection.shards();
    }
    return List.of(
        collection
            .shard(tenant)
            .orElseThrow(
                () ->
                    NodeFailure.of(Kind.NOT_FOUND, "tenant " + collection.name() + "/" + tenant)));
  }

  Collection collection() {
    return collection;
  }

  List<Placement> shards() {
    return shards;
  }

  Placement shard(@Nullable String id) {
    long hash = hash(String.valueOf(id));
    int best = 0;
    for (int i = 1; i < names.length; i++) {
      if (Long.compareUnsigned(mix(hash ^ names[i]), mix(hash ^ names[best])) > 0) {
        best = i;
      }
    }
    return shards.get(best);
  }

  /** FNV-1a, 64 bit. */
  private static long hash(String text) {
    long hash = FNV_OFFSET;
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /** The finalizer of MurmurHash3. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
