package dev.tidemark.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.memory.InMemoryBlobStore;
import dev.tidemark.core.restore.PathFilter;
import dev.tidemark.core.restore.UnitRestore;
import dev.tidemark.core.time.Ids;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.ShardEntries;
import dev.tidemark.core.vault.ShardTotals;
import dev.tidemark.core.vault.UnitEntries;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A vault in memory, one unit, and runs that back it up one after the other. */
final class Site {
  static final int MIB = 1 << 20;
  static final long CHUNK = 8L * MIB;
  static final Limits SMALL_STEPS = new Limits(12L * MIB, 9, 4);
  private static final String CLUSTER = "demo-abcdefgh";
  private static final String NAME = "docs/shard0";

  final InMemoryBlobStore store;
  private final Ids ids;
  private final Vault vault;
  private final Limits limits;
  private int runs;

  List<Shard> shards = List.of(new Shard("docs", "shard0", "node1", 0));
  final List<Checkpoint> saved = new ArrayList<>();
  final Told told = new Told();
  int slices;
  boolean suspect;

  Site(long seed, Limits limits) {
    this.store = new InMemoryBlobStore(InstantSource.fixed(Instant.EPOCH), seed);
    this.ids = new SeededIds(seed);
    this.vault = Vault.create(store, ids);
    this.limits = limits;
  }

  /** What was told of the progress of the last unit. */
  static final class Told implements Meter {
    private final LongAdder inSlice = new LongAdder();
    private long before;
    private long total;

    @Override
    public void begin(long done, long expected) {
      inSlice.reset();
      before = done;
      total = expected;
    }

    @Override
    public void done(long bytes) {
      inSlice.add(bytes);
    }

    @Override
    public boolean wantsTotal() {
      return true;
    }

    long done() {
      return before + inSlice.sum();
    }

    long total() {
      return total;
    }
  }

  /** One run's names. */
  record Run(String writer, String backupId) {}

  Run run() {
    runs++;
    return new Run("writer%06d".formatted(runs), "backup-" + runs);
  }

  String unit() {
    return VaultKeys.unit(NAME);
  }

  /** Backs the unit up in slices of that many looks at the clock. */
  UnitRecord backUp(UnitReader reader, @Nullable UnitRecord base, int ticks, int parallelism) {
    return backUp(run(), reader, base, List.of(), ticks, parallelism);
  }

  UnitRecord backUp(UnitReader reader, @Nullable UnitRecord base) {
    return backUp(reader, base, Integer.MAX_VALUE, 1);
  }

  UnitRecord backUp(
      Run run,
      UnitReader reader,
      @Nullable UnitRecord base,
      List<PartList> own,
      int ticks,
      int parallelism) {
    Checkpoint from = Checkpoint.START;
    saved.clear();
    slices = 0;
    var transfer = new UnitTransfer(vault, ids, parallelism, limits);
    while (true) {
      slices++;
      UnitTransfer.Outcome outcome =
          transfer.run(job(run, base, own, from), reader, slice(ticks), told, saved::add);
      if (outcome instanceof UnitTransfer.Done done) {
        suspect = done.baseSuspect();
        return done.record();
      }
      from = Checkpoint.parse(((UnitTransfer.Paused) outcome).checkpoint().toJson());
      assertThat(from).isEqualTo(saved.get(saved.size() - 1));
      assertThat(slices).as("slices").isLessThan(2_000);
    }
  }

  UnitTransfer.Job job(Run run, @Nullable UnitRecord base, List<PartList> own, Checkpoint from) {
    return new UnitTransfer.Job(
        CLUSTER,
        unit(),
        NAME,
        "node1",
        shards,
        run.writer(),
        slices,
        run.backupId(),
        "snapshot",
        Compression.BEST_SPEED,
        CHUNK,
        base,
        own,
        from);
  }

  UnitTransfer transfer(int parallelism) {
    return new UnitTransfer(vault, ids, parallelism, limits);
  }

  Restored restore(UnitRecord record, PathFilter paths, int ticks, int parallelism) {
    return restore(record, EntryPath.ROOT, paths, ticks, parallelism);
  }

  Restored restore(
      UnitRecord record, EntryPath folder, PathFilter paths, int ticks, int parallelism) {
    var restored = new Restored();
    var from = UnitRestore.Checkpoint.START;
    var restore = new UnitRestore(store, parallelism);
    for (int n = 0; n < 2_000; n++) {
      var job = new UnitRestore.Job(CLUSTER, record, folder, paths, from);
      UnitRestore.Outcome outcome =
          restore.run(job, restored.writer(), slice(ticks), told, checkpoint -> {});
      if (outcome instanceof UnitRestore.Done) {
        return restored;
      }
      UnitRestore.Checkpoint next = ((UnitRestore.Paused) outcome).checkpoint();
      from = UnitRestore.Checkpoint.parse(next.toJson());
    }
    throw new AssertionError("a restore that does not end");
  }

  /** Restores everything and compares it with a tree. */
  void requireEqual(UnitRecord record, Tree tree, int ticks, int parallelism) {
    Restored restored = restore(record, PathFilter.ALL, ticks, parallelism);
    Map<EntryPath, FileMeta> expected = new TreeMap<>();
    tree.nodes.forEach((path, node) -> expected.put(path, node.meta()));
    assertThat(restored.ended).isEqualTo(expected);
    tree.nodes.forEach(
        (path, node) -> {
          if (node.meta().type() == FileType.FILE) {
            assertThat(restored.content(path)).as(path.toString()).isEqualTo(node.content());
          }
        });
  }

  List<Entry> entries(UnitRecord record) {
    var all = new ArrayList<Entry>();
    try (UnitEntries entries = UnitEntries.open(store, CLUSTER, unit(), record.parts())) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        all.add(entry);
      }
    }
    return all;
  }

  ShardEntries shardEntries(UnitRecord record) {
    return ShardEntries.of(store, CLUSTER, record);
  }

  ShardEntries shardEntries(UnitRecord record, Shard shard) {
    return ShardEntries.of(store, CLUSTER, record, shard);
  }

  ShardTotals totals(UnitRecord record) {
    return ShardTotals.of(store, CLUSTER, record);
  }

  Set<String> keys(String prefix) {
    var keys = new TreeSet<String>();
    List<BlobInfo> page = store.list(prefix, null, 1_000);
    while (!page.isEmpty()) {
      page.forEach(info -> keys.add(info.key()));
      page = store.list(prefix, page.get(page.size() - 1).key(), 1_000);
    }
    return keys;
  }

  /** The bytes of blobs that were stored since. */
  long storedSince(Set<String> before) {
    var now = new HashSet<>(keys("data/"));
    now.removeAll(before);
    return now.stream().mapToLong(key -> store.head(key).orElseThrow().size()).sum();
  }

  static Slice slice(int ticks) {
    var ticking =
        new InstantSource() {
          private long now;

          @Override
          public Instant instant() {
            return Instant.ofEpochSecond(now++);
          }
        };
    return Slice.of(Duration.ofSeconds(ticks), ticking);
  }

  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final class SeededIds implements Ids {
    private final SplittableRandom random;

    SeededIds(long seed) {
      this.random = new SplittableRandom(seed);
    }

    @Override
    public String text(int length) {
      var text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
      }
      return text.toString();
    }

    @Override
    public byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }
  }
}
