package dev.tidemark.engine.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.StorageEngineContract;
import dev.tidemark.contract.StorageEngineEnvironment;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.engine.embedded.EmbeddedConfig.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of engines over two real node processes. */
class EmbeddedEngineTest implements StorageEngineContract {
  private static final Duration BRIEFLY = Duration.ofSeconds(2);

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static NodeCluster cluster() {
    return NODES.cluster();
  }

  @Override
  public StorageEngineEnvironment environment() {
    return new Place();
  }

  private static final class Place implements StorageEngineEnvironment {
    @Override
    public String deployment() {
      return NODES.deployment();
    }

    @Override
    public StorageEngine open() {
      return NODES.open(MissingNode.FAIL);
    }

    @Override
    public StorageEngine openBriefly() {
      return NODES.open(MissingNode.FAIL, BRIEFLY);
    }

    @Override
    public void change() {
      cluster().api().store("books", "", 300, 1_000, 2);
    }

    @Override
    public void recreate() {
      TwoNodes.NAMES.forEach(cluster()::wipe);
      cluster().startAll();
    }

    @Override
    public Object belongings() {
      NodeApi api = cluster().api();
      JsonNode schema = api.schema().deepCopy();
      ((ObjectNode) schema).remove("version");
      return List.of(
          schema,
          api.contents("books", ""),
          api.contents("customers", "acme"),
          api.snapshots("n1", ""),
          api.snapshots("n2", ""));
    }

    /** What a disk that is replaced does, to the shards of restores alone. */
    @Override
    public void loseBegun() {
      TwoNodes.NAMES.forEach(cluster()::kill);
      for (String node : TwoNodes.NAMES) {
        Path shards = cluster().data(node).resolve("shards");
        try (Stream<Path> all = Files.list(shards)) {
          for (Path shard : all.toList()) {
            if (Files.readString(shard.resolve("origin.json")).contains("\"place\":\"")) {
              NodeCluster.delete(shard);
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      cluster().startAll();
    }

    @Override
    public String place() {
      return "";
    }

    @Override
    public Map<?, String> content(Shard shard, UnitReader snapshot) {
      return cluster().api().contents(shard.collection(), "");
    }

    @Override
    public Map<?, String> at(TargetUnit target) {
      for (JsonNode collection : cluster().api().schema().path("collections")) {
        if (collection.path("name").asText().equals(target.collection())) {
          return cluster().api().contents(target.collection(), "");
        }
      }
      return Map.of();
    }

    /** Only what has to be waited for: the nodes have the machine's clock. */
    @Override
    public void pass(Duration time) {
      if (time.compareTo(BRIEFLY.multipliedBy(2)) <= 0) {
        try {
          Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
