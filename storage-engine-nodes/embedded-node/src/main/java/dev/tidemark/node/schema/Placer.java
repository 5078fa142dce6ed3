package dev.tidemark.node.schema;

import dev.tidemark.node.failure.NodeFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns requested shards into placed ones, each of a generation of its own. */
public final class Placer {
  private static final int MAX_TENANTS = 10_000;

  private final List<String> nodes;
  private final Supplier<String> generations;

  /**
   * @param generations mints one at each call
   */
  public Placer(List<String> nodes, Supplier<String> generations) {
    this.nodes = List.copyOf(nodes);
    this.generations = generations;
  }

  /** The shards of a new collection, checked. */
  public List<Placement> place(NewCollection request) {
    if (request.multiTenant()) {
      return List.of();
    }
    if (request.shards() != null) {
      return place(request.shards(), List.of(), false);
    }
    var named = new ArrayList<NewShard>();
    int count = request.shardCount() == null ? 1 : request.shardCount();
    for (int i = 0; i < count; i++) {
      named.add(new NewShard("s" + i, nodes.get(i % nodes.size()), null));
    }
    return place(named, List.of(), false);
  }

  /** Tenants beside those that are there; one without a node goes where the fewest are. */
  public List<Placement> placeTenants(List<NewShard> tenants, List<Placement> present) {
    return place(tenants, present, true);
  }

  /** The shards of a restore; a multi-tenant collection may be restored without a tenant. */
  public List<Placement> placeRestored(NewRestore request) {
    boolean empty = request.shards() == null || request.shards().isEmpty();
    return empty && request.multiTenant() && !request.restoresTenants()
        ? List.of()
        : place(request.shards(), List.of(), request.multiTenant());
  }

  private List<Placement> place(
      @Nullable List<NewShard> shards, List<Placement> present, boolean tenants) {
    int most = tenants ? MAX_TENANTS : NewCollection.MAX_SHARDS;
    if (shards == null || shards.isEmpty() || shards.size() + present.size() > most) {
      throw NodeFailure.invalid(
          "shards", "1 to " + most, shards == null ? 0 : shards.size() + present.size());
    }
    Map<String, Integer> load = new HashMap<>();
    present.forEach(each -> load.merge(each.node(), 1, Integer::sum));
    var names = new HashSet<String>();
    var placed = new ArrayList<Placement>();
    for (NewShard shard : shards) {
      if (!names.add(Names.require(tenants ? "tenant" : "shard", shard.name()))) {
        throw NodeFailure.invalid("shards", "each name once", shard.name() + " twice");
      }
      if (!tenants && shard.activity() == Activity.INACTIVE) {
        throw NodeFailure.invalid("status of shard " + shard.name(), "ACTIVE", "INACTIVE");
      }
      String node = node(shard, tenants ? load : null);
      load.merge(node, 1, Integer::sum);
      placed.add(new Placement(shard.name(), node, generations.get(), shard.activity()));
    }
    return placed;
  }

  private String node(NewShard shard, @Nullable Map<String, Integer> load) {
    if (shard.node() == null && load != null) {
      return nodes.stream()
          .min((left, right) -> load.getOrDefault(left, 0) - load.getOrDefault(right, 0))
          .orElseThrow();
    }
    if (shard.node() == null || !nodes.contains(shard.node())) {
      throw NodeFailure.invalid("node of shard " + shard.name(), "one of " + nodes, shard.node());
    }
    return shard.node();
  }
}
