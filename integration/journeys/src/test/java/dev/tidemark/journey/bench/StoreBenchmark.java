package dev.tidemark.journey.bench;

import dev.tidemark.contract.ManualClock;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.journey.sim.SeededIds;
import dev.tidemark.store.filesystem.FilesystemBlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A vault in a folder takes a blob. The limit: the same bytes in a file, synced. */
@State(Scope.Thread)
public class StoreBenchmark {
  private byte[] plain = new byte[0];
  private Path folder = Path.of("");
  private FilesystemBlobStore store =
      new FilesystemBlobStore(folder, new ManualClock(), new SeededIds(1));
  private int next;

  @Setup
  public void prepare() throws IOException {
    plain = Samples.of("random");
    folder = Files.createTempDirectory(Path.of(System.getProperty("bench.folder")), "store");
    store = new FilesystemBlobStore(folder, new ManualClock(), new SeededIds(1));
  }

  @Benchmark
  @OperationsPerInvocation(Samples.MIB)
  public Creation create() throws IOException {
    String key = "data/unit/b" + next++;
    Creation creation = store.create(key, Samples.frames(plain));
    hollow(folder.resolve(key));
    return creation;
  }

  @Benchmark
  @OperationsPerInvocation(Samples.MIB)
  public Path limit() throws IOException {
    Path file = folder.resolve("f" + next++);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(plain);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
    hollow(file);
    return file;
  }

  private static void hollow(Path file) throws IOException {
    FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).close();
  }
}
