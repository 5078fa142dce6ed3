package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.contract.fault.Faults;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.engine.embedded.EmbeddedConfig;
import dev.tidemark.engine.embedded.EmbeddedConfig.MissingNode;
import dev.tidemark.engine.embedded.EmbeddedEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots on real nodes whose time to live is over before they are read. */
class ExpiringSnapshotsTest {
  private static final int OBJECTS = 4_000;
  private static final Duration BRIEF = Duration.ofSeconds(3);

  /** At which a unit is read in about twice the time that a snapshot lives. */
  private static final long SLOWLY = 512 << 10;

  @TempDir Path folder = Path.of("/");

  @Test
  void aUnitWhoseSnapshotExpiredWhileItWasReadIsOfALaterOneAndWhole() {
    try (NodeCluster nodes = NodeCluster.start(folder, List.of("n1"))) {
      NodeApi api = nodes.api();
      api.collection("books", Map.of("s0", "n1"));
      api.store("books", "", 0, OBJECTS, 1);
      var bytesPerSecond = new AtomicLong(SLOWLY);
      var world = new World(Setting.calm().withCallsPerSlice(25));
      world.cluster("c1", () -> client(nodes, bytesPerSecond.get()));
      Faults faults = world.attack(FaultPlan.none());
      var operator = new Operator(world);
      String run = operator.backup("c1", "b").run();
      world.workUntil(() -> faults.counts().getOrDefault("Content.read", 0) > 0);
      api.store("books", "", 0, 50, 2);
      world.workUntil(() -> faults.counts().get("Source.snapshot") > 1);
      assertThat(operator.run(run).status()).isEqualTo(Status.TRANSFERRING);
      bytesPerSecond.set(0);
      world.attack(FaultPlan.none());
      RunView end = operator.settled(run);
      assertThat(end.status()).as(end.error()).isEqualTo(Status.SUCCESS);
      assertThat(api.snapshots("n1", "tidemark-d1-")).isEmpty();

      world.attack(FaultPlan.none());
      RunView restored = operator.settled(operator.restore(beside()).run());
      assertThat(restored.status()).as(restored.error()).isEqualTo(Status.SUCCESS);
      assertThat(api.contents("books-r", "")).isEqualTo(api.contents("books", ""));
    }
  }

  private static StorageEngine client(NodeCluster nodes, long bytesPerSecond) {
    var addresses = new TreeMap<String, URI>();
    nodes.addresses().forEach((name, address) -> addresses.put(name, URI.create(address)));
    return new EmbeddedEngine(
        new EmbeddedConfig(
            "c1",
            addresses,
            "env:KEY",
            null,
            BRIEF,
            MissingNode.FAIL,
            bytesPerSecond,
            Duration.ofSeconds(30)),
        reference -> NodeCluster.KEY);
  }

  private static RestoreRequest beside() {
    return new RestoreRequest(
        "c1", null, null, "b", List.of(), List.of(), List.of(), Map.of(), Map.of(), "-r", "",
        false);
  }
}
