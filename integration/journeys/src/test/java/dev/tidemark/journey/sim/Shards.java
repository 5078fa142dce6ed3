package dev.tidemark.journey.sim;

import dev.tidemark.core.memory.InMemoryCluster;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** What stands in a cluster of a trial, and everything that ever stood there. */
public final class Shards {
  /** Names whose order by components is not their order as strings. */
  private static final List<String> PATHS =
      List.of("a/b", "a/b-c", "a-b/x", "a.c", "a/b!", "big", "empty", "segments/0/data", "wal/000");

  /** A little more than a chunk. */
  private static final int LARGE_BYTES = 9 << 20;

  /** A shard of a trial. */
  public record Name(String collection, String shard) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return shard.isEmpty() ? collection : collection + "/" + shard;
    }
  }

  private final InMemoryCluster cluster;
  private final Map<Name, List<Map<String, String>>> history =
      new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));

  private final Set<Name> large = new HashSet<>();
  private final Set<Name> dropped = new HashSet<>();

  Shards(InMemoryCluster cluster) {
    this.cluster = cluster;
  }

  /** Two nodes, five units: one node has a lane and a half, and one unit is empty. */
  void populate(Setting.Size size) {
    if (size == Setting.Size.CHUNKS) {
      large.add(new Name("alpha", "s1"));
    }
    add("alpha", "s1", "n1");
    add("alpha", "s2", "n1");
    add("alpha", "s3", "n1");
    add("beta", "", "n2");
    add("gamma", "s1", "n2");
    cluster.shard("gamma", "s1", "n2");
    for (Name name :
        List.of(
            new Name("alpha", "s1"),
            new Name("alpha", "s2"),
            new Name("alpha", "s3"),
            new Name("beta", ""))) {
      change(name, 0);
    }
    remember(new Name("gamma", "s1"));
  }

  private void add(String collection, String shard, String node) {
    cluster.shard(collection, shard, node);
  }

  /** All shards that a backup of all has. */
  List<Name> names() {
    return history.keySet().stream().filter(name -> !dropped.contains(name)).toList();
  }

  /** Gives a shard the content of a generation; some files stay as they are. */
  public void change(Name name, int generation) {
    for (String path : PATHS) {
      boolean stays = generation > 0 && path.length() % 2 == 0;
      if (stays) {
        continue;
      }
      cluster.write(name.collection(), name.shard(), path, content(name, path, generation));
    }
    if (generation > 0) {
      cluster.remove(name.collection(), name.shard(), "gen-" + (generation - 1));
    }
    cluster.write(
        name.collection(), name.shard(), "gen-" + generation, content(name, "gen", generation));
    if (large.contains(name)) {
      for (String path : List.of("large-1", "large-2")) {
        cluster.write(name.collection(), name.shard(), path, noise(name + path + generation));
      }
    }
    remember(name);
  }

  private static byte[] noise(String seed) {
    byte[] bytes = new byte[LARGE_BYTES];
    // Far quicker than Random, of which a sweep would spend a fifth of its time.
    new SplittableRandom(seed.hashCode()).nextBytes(bytes);
    return bytes;
  }

  /** Adds small shards of one collection on one node, so many that they are worth bins. */
  void tenants(int from, int to) {
    for (int i = from; i < to; i++) {
      add("delta", "t" + i, "n1");
      change(new Name("delta", "t" + i), 0);
    }
  }

  /** Makes a shard larger than what is small. */
  void grow(Name name) {
    cluster.write(name.collection(), name.shard(), "grown", new byte[30_000]);
    remember(name);
  }

  /** Drops a shard: later backups do not have it. */
  void drop(Name name) {
    cluster.drop(name.collection(), name.shard());
    dropped.add(name);
  }

  /** Notes what the shard is now as something that a backup may hold. */
  void remember(Name name) {
    history.computeIfAbsent(name, n -> new ArrayList<>()).add(now(cluster, name));
  }

  /** Whether a shard was ever exactly this. */
  boolean wasEver(Name name, Map<String, String> content) {
    return history.getOrDefault(name, List.of()).contains(content);
  }

  /** A shard as it is: path to type and content. Empty where there is none. */
  static NavigableMap<String, String> now(InMemoryCluster cluster, Name name) {
    var now = new TreeMap<String, String>();
    cluster
        .files(name.collection(), name.shard())
        .values()
        .forEach(
            file ->
                now.put(
                    file.meta().path().toString(),
                    describe(file.meta().type(), file.meta().mode(), file.content())));
    return now;
  }

  static String describe(FileType type, int mode, byte[] content) {
    return type.word()
        + " "
        + Integer.toOctalString(mode)
        + " "
        + content.length
        + " "
        + checksum(content);
  }

  /** Which the processor computes: a sweep compares gigabytes. */
  static long checksum(byte[] content) {
    var checksum = new CRC32C();
    checksum.update(content);
    return checksum.getValue();
  }

  private static byte[] content(Name name, String path, int generation) {
    int length = path.equals("big") ? 3_000 : path.equals("empty") ? 0 : 40 + path.length();
    byte[] bytes = new byte[length];
    byte[] seed = (name + path + generation).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed[i % seed.length] * (1 + i / 7) + i);
    }
    return bytes;
  }

  static String text(EntryPath path) {
    return path.toString();
  }
}
