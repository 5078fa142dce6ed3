package dev.tidemark.node.schema;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One moment of all that the cluster agreed on. A change makes a new one with the next version.
 *
 * @param pending collections (or tenants) whose shards are being made; invisible to data calls
 * @param tokens of creations, so that the same request gets the same answer
 */
public record Schema(
    String clusterId,
    long version,
    SortedMap<String, Collection> collections,
    SortedMap<String, String> aliases,
    SortedMap<String, Collection> pending,
    SortedMap<String, Restore> restores,
    SortedMap<String, TokenUse> tokens) {
  public static Schema empty(String clusterId) {
    return new Schema(
        clusterId,
        1,
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>());
  }

  /** A copy of the next version, changed by the given edit of its maps. */
  public Schema edit(Consumer<Schema> edit) {
    var next =
        new Schema(
            clusterId,
            version + 1,
            new TreeMap<>(collections),
            new TreeMap<>(aliases),
            new TreeMap<>(pending),
            new TreeMap<>(restores),
            new TreeMap<>(tokens));
    edit.accept(next);
    return next;
  }

  /** What tells this schema from any other, also from those of other clusters. */
  public String stamp() {
    return clusterId + "." + version;
  }

  /** A collection by its name or an alias. */
  public Optional<Collection> resolve(String nameOrAlias) {
    String name = aliases.getOrDefault(nameOrAlias, nameOrAlias);
    return Optional.ofNullable(collections.get(name));
  }

  /** What a node has to keep, by generation. */
  public Assignments assignments(String node) {
    var live = new HashMap<String, Assignment>();
    var hidden = new HashMap<String, Assignment>();
    collections.values().forEach(each -> collect(each, node, live));
    pending.values().forEach(each -> collect(each, node, hidden));
    for (Restore restore : restores.values()) {
      if (restore.state() == Restore.State.BEGUN) {
        restore.collections().forEach(each -> collect(each.collection(), node, hidden));
      }
    }
    return new Assignments(live, hidden);
  }

  private static void collect(Collection from, String node, Map<String, Assignment> into) {
    for (Placement placement : from.shards()) {
      if (placement.node().equals(node)) {
        into.put(placement.generation(), new Assignment(from, placement));
      }
    }
  }

  /** A shard of a collection. */
  public record Assignment(Collection collection, Placement placement) {
    @Override
    public String toString() {
      return collection.name() + "/" + placement.name();
    }
  }

  /**
   * @param live visible to data calls
   * @param hidden being made or restored
   */
  public record Assignments(Map<String, Assignment> live, Map<String, Assignment> hidden) {
    public Set<String> generations() {
      var all = new HashSet<>(live.keySet());
      all.addAll(hidden.keySet());
      return all;
    }

    public Optional<Assignment> live(String collection, String shard) {
      return live.values().stream()
          .filter(
              each ->
                  each.collection().name().equals(collection)
                      && each.placement().name().equals(shard))
          .findFirst();
    }
  }
}
