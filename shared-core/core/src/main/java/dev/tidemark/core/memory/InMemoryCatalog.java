package dev.tidemark.core.memory;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Census;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.memory.InMemoryCluster.Holding;
import dev.tidemark.core.memory.InMemoryCluster.StoredFile;
import dev.tidemark.core.tree.FileType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The census counts the regular files of each collection. */
record InMemoryCatalog(InMemoryCluster cluster) implements Catalog {

  @Override
  public ClusterDescription describe() {
    synchronized (cluster) {
      var nodes = new TreeSet<String>();
      var collections = new TreeSet<String>();
      for (Holding holding : cluster.shards.values()) {
        nodes.add(holding.node);
        collections.add(holding.place.collection());
      }
      boolean live = cluster.mood.live();
      return new ClusterDescription(
          "1.0",
          cluster.fingerprint(),
          live ? "crash" : "point-in-time",
          live ? "file" : "unit",
          List.copyOf(nodes),
          List.copyOf(collections),
          Map.of());
    }
  }

  @Override
  public List<Shard> shards(@Nullable String after, int limit) {
    synchronized (cluster) {
      var page = new ArrayList<Shard>();
      var rest = after == null ? cluster.shards : cluster.shards.tailMap(after, false);
      for (Holding holding : rest.values()) {
        if (page.size() == limit) {
          break;
        }
        page.add(
            new Shard(
                holding.place.collection(), holding.place.shard(), holding.node, holding.bytes()));
      }
      return page;
    }
  }

  @Override
  public Census census(List<String> collections) {
    synchronized (cluster) {
      var counts = new TreeMap<String, Long>();
      for (Holding holding : cluster.shards.values()) {
        String collection = holding.place.collection();
        if (collections.contains(collection)) {
          var metas = holding.files.values().stream().map(StoredFile::meta);
          long files = metas.filter(meta -> meta.type() == FileType.FILE).count();
          counts.merge(collection, files, Long::sum);
        }
      }
      return new Census(counts);
    }
  }

  @Override
  public List<String> leftovers(String deployment) {
    var held = cluster.holdings();
    var names = new TreeSet<String>();
    names.addAll(held.snapshots());
    names.addAll(held.prepared());
    names.addAll(held.guards());
    names.addAll(held.begun());
    names.addAll(held.replaced());
    return names.stream().filter(n -> n.startsWith("tidemark-" + deployment + "-")).toList();
  }
}
