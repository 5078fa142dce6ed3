package dev.tidemark.engine.weaviate;

import dev.tidemark.contract.StorageEngineContract;
import dev.tidemark.contract.StorageEngineEnvironment;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.UnitReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The engine over a real server with its backups in a folder. */
@Tag("engines")
class WeaviateEngineTest implements StorageEngineContract {
  private static final AtomicInteger DEPLOYMENTS = new AtomicInteger();

  @TempDir static Path folder = Path.of("/");
  private static @Nullable WeaviateCluster started;

  private final String deployment = "d" + DEPLOYMENTS.incrementAndGet();
  private final WeaviateApi api = new WeaviateApi(cluster().node(0).address());

  @BeforeAll
  static void start() throws IOException {
    started = WeaviateCluster.single(folder, backups(), Map.of());
    // What only looks like a run's.
    Path other = Files.createDirectories(backups().resolve("tidemark-other-aaaaaaaaaaaa-1/x"));
    Files.writeString(other.resolve("chunk-1"), "a user's");
  }

  @AfterAll
  static void stop() {
    cluster().close();
  }

  private static Path backups() {
    return folder.resolve("backups");
  }

  private static WeaviateCluster cluster() {
    return Objects.requireNonNull(started);
  }

  @BeforeEach
  void fill() {
    api.collections().forEach(api::drop);
    api.tenants("Alpha", 1, List.of("a", "b", "c"));
    api.store("Alpha", "a", 0, 300, 1);
    api.store("Alpha", "b", 0, 20, 1);
    api.collection("Beta", 1, 1);
    api.store("Beta", "", 0, 50, 1);
  }

  @Override
  public StorageEngineEnvironment environment() {
    return new Environment();
  }

  private final class Environment implements StorageEngineEnvironment {
    @Override
    public String deployment() {
      return deployment;
    }

    @Override
    public StorageEngine open() {
      return Weaviates.engine(cluster(), backups(), Map.of());
    }

    @Override
    public boolean provesIdentities() {
      return false;
    }

    @Override
    public void change() {
      api.store("Alpha", "a", 200, 350, 2);
    }

    @Override
    public void recreate() {
      fill();
    }

    @Override
    public Object belongings() {
      Map<String, Object> belongings = new TreeMap<>();
      for (String tenant : List.of("a", "b", "c")) {
        belongings.put("Alpha " + tenant, api.count("Alpha", tenant));
      }
      belongings.put("Beta", api.count("Beta", ""));
      try (Stream<Path> files = Files.walk(backups())) {
        belongings.put(
            "files", files.filter(Files::isRegularFile).map(Path::toString).sorted().toList());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return belongings;
    }

    @Override
    public String place() {
      return "";
    }

    @Override
    public String free() {
      return "Restored";
    }

    @Override
    public Map<?, String> content(Shard shard, UnitReader snapshot) {
      return api.objects(shard.collection(), shard.shard());
    }

    @Override
    public Map<?, String> at(TargetUnit target) {
      return api.collections().contains(target.collection())
          ? api.objects(target.collection(), target.shard())
          : Map.of();
    }

    @Override
    public void loseBegun() {
      try (Stream<Path> files = Files.walk(backups())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (file.getFileName().toString().startsWith("chunk-")
              && file.toString().contains("-restore/")) {
            Files.delete(file);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void pass(Duration time) {
      try {
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
