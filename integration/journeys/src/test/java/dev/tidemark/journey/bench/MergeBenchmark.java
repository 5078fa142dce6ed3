package dev.tidemark.journey.bench;

import dev.tidemark.contract.ManualClock;
import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.memory.InMemoryBlobStore;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.transfer.Checkpoint;
import dev.tidemark.core.transfer.Limits;
import dev.tidemark.core.transfer.Meter;
import dev.tidemark.core.transfer.UnitTransfer;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.journey.sim.SeededIds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A unit of which one entry changed: its listing is digested, merged twice with the base's parts,
 * and new parts are written, in memory and by one thread. The limit: a merge of two arrays of the
 * same paths, which only compares them.
 */
@State(Scope.Thread)
public class MergeBenchmark {
  static final int ENTRIES = 100_000;
  private static final String CLUSTER = "files-00000000";
  private static final String UNIT = VaultKeys.unit("data");

  private final ManualClock clock = new ManualClock();
  private final InMemoryBlobStore store = new InMemoryBlobStore(clock);
  private final SeededIds ids = new SeededIds(1);
  private final List<EntryPath> paths = new ArrayList<>();
  private final List<EntryPath> same = new ArrayList<>();
  private UnitTransfer transfer =
      new UnitTransfer(Vault.create(store, ids), ids, 1, Limits.DEFAULT);
  private @Nullable UnitRecord base;
  private int epoch;

  @Setup
  public void prepare() {
    for (int i = 0; i < ENTRIES; i++) {
      String path = "d%03d/s%02d/file%05d".formatted(i / 1_000, i / 100 % 10, i);
      paths.add(EntryPath.parse(path));
      same.add(EntryPath.parse(path));
    }
    base = transferred("then");
  }

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public UnitRecord merge() {
    UnitRecord record = transferred("now");
    for (String kind : List.of("parts/", "data/")) {
      forget(kind + CLUSTER + "/" + UNIT + "/writerwriter." + epoch + ".");
    }
    return record;
  }

  private void forget(String prefix) {
    store.delete(store.list(prefix, null, 1_000).stream().map(BlobInfo::key).toList());
  }

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public int limit() {
    int equal = 0;
    int other = 0;
    for (EntryPath path : paths) {
      while (other < same.size() && same.get(other).compareTo(path) < 0) {
        other++;
      }
      equal += other < same.size() && same.get(other).equals(path) ? 1 : 0;
    }
    return equal;
  }

  private UnitRecord transferred(String firstIdentity) {
    epoch++;
    var job =
        new UnitTransfer.Job(
            CLUSTER,
            UNIT,
            "data",
            "node",
            List.of(new Shard("data", "", "node", 0)),
            "writerwriter",
            epoch,
            "backup",
            "snapshot",
            Compression.BEST_SPEED,
            32 << 20,
            base,
            List.of(),
            Checkpoint.START);
    Slice slice = Slice.of(Duration.ofDays(1), clock);
    UnitTransfer.Outcome outcome =
        transfer.run(job, new Files(firstIdentity), slice, Meter.NONE, checkpoint -> {});
    return ((UnitTransfer.Done) outcome).record();
  }

  /** Files of 16 bytes. */
  private final class Files implements UnitReader {
    private final String firstIdentity;

    Files(String firstIdentity) {
      this.firstIdentity = firstIdentity;
    }

    @Override
    public boolean stable() {
      return true;
    }

    @Override
    public Listing list(Notes notes) {
      Iterator<EntryPath> each = paths.iterator();
      return new Listing() {
        @Override
        public boolean hasNext() {
          return each.hasNext();
        }

        @Override
        public SourceFile next() {
          return file(each.next());
        }

        @Override
        public void close() {}
      };
    }

    private SourceFile file(EntryPath path) {
      return new SourceFile(
          FileMeta.file(path, 16), path.equals(paths.get(0)) ? firstIdentity : "same", true);
    }

    @Override
    public Optional<SourceFile> look(EntryPath path) {
      return Optional.of(file(path));
    }

    @Override
    public Content open(EntryPath path) {
      return new Content() {
        @Override
        public int read(long offset, ByteBuffer into) {
          int length = into.remaining();
          while (into.hasRemaining()) {
            into.put((byte) 1);
          }
          return length;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }
}
