package dev.tidemark.contract.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.blob.Deletion;
import dev.tidemark.core.blob.StoreCheck;
import dev.tidemark.core.blob.StoreCheck.Finding;
import dev.tidemark.core.memory.InMemoryBlobStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A store that breaks one promise is found by the store check, by the name of that promise. */
class LyingStoresTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @Test
  void oneThatOverwrites() {
    assertThat(
            broken(
                new Honest() {
                  @Override
                  public Creation create(String key, List<ByteBuffer> bytes) {
                    super.delete(List.of(key));
                    return super.create(key, bytes);
                  }
                }))
        .contains("create-only");
  }

  @Test
  void oneThatLooksFirstAndThenOverwrites() {
    var allLooked = new CyclicBarrier(8);
    assertThat(
            broken(
                new Honest() {
                  @Override
                  public Creation create(String key, List<ByteBuffer> bytes) {
                    if (!key.contains("race") || super.head(key).isPresent()) {
                      return super.create(key, bytes);
                    }
                    await(allLooked);
                    synchronized (this) {
                      super.delete(List.of(key));
                      return super.create(key, bytes);
                    }
                  }
                }))
        .containsExactly("racing-creators");
  }

  @Test
  void oneWhoseListLagsBehind() {
    assertThat(
            broken(
                new Honest() {
                  private String newest = "";

                  @Override
                  public Creation create(String key, List<ByteBuffer> bytes) {
                    newest = key;
                    return super.create(key, bytes);
                  }

                  @Override
                  public List<BlobInfo> list(String prefix, @Nullable String after, int limit) {
                    return super.list(prefix, after, limit).stream()
                        .filter(info -> !info.key().equals(newest))
                        .toList();
                  }
                }))
        .contains("list-after-create");
  }

  @Test
  void oneWhosePagesAreInNoOrder() {
    assertThat(
            broken(
                new Honest() {
                  @Override
                  public List<BlobInfo> list(String prefix, @Nullable String after, int limit) {
                    List<BlobInfo> page = new ArrayList<>(super.list(prefix, after, limit));
                    Collections.reverse(page);
                    return page;
                  }
                }))
        .contains("list-after-create");
  }

  @Test
  void oneThatIgnoresRanges() {
    assertThat(
            broken(
                new Honest() {
                  @Override
                  public Optional<ByteBuffer> read(String key, long offset, int length) {
                    return super.read(key, 0, length);
                  }
                }))
        .containsExactly("ranges");
  }

  @Test
  void oneThatDamagesBytes() {
    assertThat(
            broken(
                new Honest() {
                  @Override
                  public Optional<ByteBuffer> read(String key, long offset, int length) {
                    return super.read(key, offset, length)
                        .map(
                            bytes -> {
                              ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes);
                              copy.flip();
                              return copy.hasRemaining() ? copy.put(0, (byte) 99) : copy;
                            });
                  }
                }))
        .contains("read-after-create", "ranges", "create-only", "copy");
  }

  @Test
  void oneThatDoesNotDelete() {
    assertThat(
            broken(
                new Honest() {
                  @Override
                  public List<Deletion> delete(List<String> keys) {
                    return keys.stream()
                        .map(key -> new Deletion(key, Deletion.Outcome.DELETED, null, ""))
                        .toList();
                  }
                }))
        .containsExactly("delete");
  }

  @Test
  void oneThatForbidsToDelete() {
    assertThat(
            broken(
                new Honest() {
                  @Override
                  public List<Deletion> delete(List<String> keys) {
                    return keys.stream()
                        .map(key -> new Deletion(key, Deletion.Outcome.FAILED, null, "forbidden"))
                        .toList();
                  }
                }))
        .containsExactly("delete", "clean-up");
  }

  @Test
  void oneWhoseCopiesOverwrite() {
    assertThat(
            broken(
                new Honest() {
                  @Override
                  public Creation copy(String from, String to) {
                    super.delete(List.of(to));
                    return super.copy(from, to);
                  }
                }))
        .containsExactly("copy");
  }

  @Test
  void oneWhoseClockIsWrong() {
    assertThat(broken(new Honest(() -> NOW.plus(Duration.ofMinutes(6))))).containsExactly("clock");
    assertThat(broken(new Honest(() -> NOW.minus(Duration.ofMinutes(6))))).containsExactly("clock");
    assertThat(broken(new Honest(() -> NOW.minus(Duration.ofMinutes(4))))).isEmpty();
  }

  @Test
  void anHonestOneIsNotBlamed() {
    assertThat(broken(new Honest())).isEmpty();
  }

  private static List<String> broken(BlobStore store) {
    return new StoreCheck(store, InstantSource.fixed(NOW), new PassesTheStoreCheck.AnyIds())
        .run().findings().stream().filter(finding -> !finding.passed()).map(Finding::name).toList();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  /** To be made a liar in one method. */
  private static class Honest implements BlobStore {
    private final BlobStore real;

    Honest() {
      this(InstantSource.fixed(NOW));
    }

    Honest(InstantSource clock) {
      this.real = new InMemoryBlobStore(clock);
    }

    @Override
    public Creation create(String key, List<ByteBuffer> bytes) {
      return real.create(key, bytes);
    }

    @Override
    public Optional<ByteBuffer> read(String key, long offset, int length) {
      return real.read(key, offset, length);
    }

    @Override
    public Optional<BlobInfo> head(String key) {
      return real.head(key);
    }

    @Override
    public List<BlobInfo> list(String prefix, @Nullable String after, int limit) {
      return real.list(prefix, after, limit);
    }

    @Override
    public List<Deletion> delete(List<String> keys) {
      return real.delete(keys);
    }

    @Override
    public Creation copy(String from, String to) {
      return real.copy(from, to);
    }

    @Override
    public String description() {
      return real.description();
    }
  }
}
