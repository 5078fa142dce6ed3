package dev.tidemark.journey.bench;

import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.TreeDigest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The digests of files: {@code sha256} of many small ones, {@code sha256-8m} of a large one. The
 * limit: the JDK's SHA-256 over the same bytes at once.
 */
@State(Scope.Thread)
public class DigestBenchmark {
  private static final int LEAVES = 4;

  @Param({"sha256 of 16 KiB files", "sha256-8m of 32 MiB"})
  String kind = "";

  private byte[] plain = new byte[0];
  private List<List<ByteBuffer>> files = List.of();

  @Setup
  public void prepare() {
    plain = Samples.of("random");
    var small = new ArrayList<List<ByteBuffer>>();
    for (int at = 0; at < plain.length; at += 16 << 10) {
      small.add(List.of(ByteBuffer.wrap(plain, at, 16 << 10)));
    }
    ByteBuffer leaf = ByteBuffer.wrap(plain);
    files = kind.startsWith("sha256-8m") ? List.of(List.of(leaf, leaf, leaf, leaf)) : small;
  }

  @Benchmark
  @OperationsPerInvocation(Samples.MIB * LEAVES)
  public List<Digest> digest() {
    var digests = new ArrayList<Digest>();
    for (int i = 0; i < (files.size() == 1 ? 1 : LEAVES); i++) {
      for (List<ByteBuffer> file : files) {
        long length = file.stream().mapToLong(ByteBuffer::remaining).sum();
        digests.add(TreeDigest.of(TreeDigest.leaves(file), length));
      }
    }
    return digests;
  }

  @Benchmark
  @OperationsPerInvocation(Samples.MIB * LEAVES)
  public byte[] limit() {
    MessageDigest sha = TreeDigest.sha256();
    for (int i = 0; i < LEAVES; i++) {
      sha.update(plain);
    }
    return sha.digest();
  }
}
