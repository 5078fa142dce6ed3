package dev.tidemark.journey.bench;

import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.Framed;
import java.nio.ByteBuffer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Blobs: compression with the check that it can be undone, and reading. The limit: a copy. */
@State(Scope.Thread)
public class FramingBenchmark {
  @Param({"BEST_SPEED", "DEFAULT", "BEST"})
  String level = "";

  @Param({"mixed", "random"})
  String data = "";

  private final byte[] id = new byte[16];
  private final byte[] copy = new byte[Samples.MIB << 20];
  private byte[] plain = copy;
  private ByteBuffer stored = ByteBuffer.allocate(0);

  @Setup
  public void prepare() {
    plain = Samples.of(data);
    Framed.Encoded encoded = encode();
    stored = ByteBuffer.allocate((int) encoded.stored());
    encoded.bytes().forEach(bytes -> stored.put(bytes.duplicate()));
    stored.flip();
  }

  @Benchmark
  @OperationsPerInvocation(Samples.MIB)
  public Framed.Encoded encode() {
    List<ByteBuffer> frames = Samples.frames(plain);
    return Framed.encode(id, frames, Compression.valueOf(level));
  }

  @Benchmark
  @OperationsPerInvocation(Samples.MIB)
  public ByteBuffer decode() {
    return Framed.decode("sample", stored.duplicate(), id, plain.length);
  }

  @Benchmark
  @OperationsPerInvocation(Samples.MIB)
  public byte[] limit() {
    System.arraycopy(plain, 0, copy, 0, plain.length);
    return copy;
  }
}
