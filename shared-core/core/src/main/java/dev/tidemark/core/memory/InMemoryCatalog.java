package dev.tidemark.core.memory;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Census;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.memory.InMemoryCluster.Holding;
import dev.tidemark.core.memory.InMemoryCluster.StoredFile;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The census counts the regular files of each shard; it is asked for the content of the first and
 * the last of them.
 */
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
          Map.of(),
          Map.of(),
          List.of());
    }
  }

  @Override
  public String fingerprint() {
    synchronized (cluster) {
      return cluster.fingerprint();
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
          counts.put(holding.place.canonical(), files);
        }
      }
      return new Census(counts);
    }
  }

  @Override
  public String schema(List<String> collections) {
    return String.join("\n", collections);
  }

  @Override
  public List<Probe> probes(Shard shard) {
    synchronized (cluster) {
      Holding holding = cluster.shards.get(shard.canonicalName());
      if (holding == null) {
        return List.of();
      }
      var files =
          holding.files.values().stream()
              .filter(file -> file.meta().type() == FileType.FILE)
              .map(file -> file.meta().path().toString())
              .toList();
      return files.isEmpty()
          ? List.of()
          : Stream.of(files.get(0), files.get(files.size() - 1))
              .distinct()
              .map(path -> new Probe(shard.collection(), shard.shard(), path))
              .toList();
    }
  }

  @Override
  public Map<Probe, String> answers(List<Probe> probes) {
    synchronized (cluster) {
      var answers = new LinkedHashMap<Probe, String>();
      for (Probe probe : probes) {
        Holding holding =
            cluster.shards.get(new Shard(probe.collection(), probe.shard(), "", 0).canonicalName());
        StoredFile file =
            holding == null ? null : holding.files.get(EntryPath.parse(probe.question()));
        if (file != null) {
          answers.put(probe, Integer.toHexString(Arrays.hashCode(file.content())));
        }
      }
      return answers;
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
