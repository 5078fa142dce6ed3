package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which node of the target takes the place of which one of the backup: the one that the request
 * names, else the one of the same name, else one that is nobody's place yet, else all in turn,
 * where there are fewer. The sharding state is written for the target's nodes, so that a server
 * need not know the names of others.
 *
 * @param nodes of the backup to those of the target
 * @param targets all nodes of the target, in order
 */
record Placement(Map<String, String> nodes, List<String> targets) {

  /**
   * @param old all nodes that the backup names
   * @param units with the wishes of the request
   */
  static Placement of(SortedSet<String> old, List<TargetUnit> units, SortedSet<String> targets) {
    Map<String, String> nodes = new TreeMap<>();
    for (TargetUnit unit : units) {
      if (!unit.node().equals(unit.source().node())) {
        if (!targets.contains(unit.node())) {
          throw PermanentFailure.of(Kind.INVALID, "node " + unit.node())
              .expected("one of " + String.join(", ", targets))
              .found("no such node in the cluster")
              .hint(
                  "correct the mapping of nodes, or leave it out: names are mapped by themselves");
        }
        nodes.put(unit.source().node(), unit.node());
      }
    }
    Set<String> taken = new HashSet<>(nodes.values());
    for (String each : old) {
      if (targets.contains(each) && !taken.contains(each) && !nodes.containsKey(each)) {
        nodes.put(each, each);
        taken.add(each);
      }
    }
    List<String> order = new ArrayList<>(targets);
    List<String> free = new ArrayList<>(targets);
    free.removeAll(taken);
    int turn = 0;
    for (String each : old) {
      if (!nodes.containsKey(each)) {
        nodes.put(each, free.isEmpty() ? order.get(turn++ % order.size()) : free.remove(0));
      }
    }
    return new Placement(nodes, order);
  }

  /** All nodes that a sharding state names. */
  static SortedSet<String> named(JsonNode shardingState) {
    SortedSet<String> names = new TreeSet<>();
    shardingState.path("physical").forEach(shard -> names.addAll(owners(shard)));
    return names;
  }

  /** The nodes of one shard of a sharding state; old servers wrote one only. */
  static List<String> owners(JsonNode shard) {
    List<String> owners = new ArrayList<>();
    shard.path("belongsToNodes").forEach(node -> owners.add(node.asText()));
    String only = shard.path("belongsToNode").asText("");
    if (owners.isEmpty() && !only.isEmpty()) {
      owners.add(only);
    }
    return owners;
  }

  /**
   * The nodes that get a copy of a shard: as many as had one, or all where there are fewer.
   *
   * @param owners those that had one
   */
  List<String> of(String shard, Collection<String> owners) {
    Set<String> chosen = new TreeSet<>();
    List<String> ordered = new ArrayList<>();
    for (String owner : owners) {
      String node = nodes.getOrDefault(owner, targets.get(0));
      if (chosen.add(node)) {
        ordered.add(node);
      }
    }
    int most = Math.min(Math.max(1, owners.size()), targets.size());
    int start = Math.floorMod(shard.hashCode(), targets.size());
    for (int i = 0; ordered.size() < most; i++) {
      String node = targets.get((start + i) % targets.size());
      if (chosen.add(node)) {
        ordered.add(node);
      }
    }
    return ordered;
  }
}
