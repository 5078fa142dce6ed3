package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards and snapshots that go before or while they are backed up. */
class LostShardTest {
  private static final String SLOWLY = "mebibytesPerSecond: 1, deadline: 5s";

  @TempDir static Path place = Path.of("/");
  private static @Nullable NodeCluster started;

  private final Path folder;

  LostShardTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void start() {
    started = NodeCluster.start(place, List.of("n1", "n2"));
  }

  @AfterAll
  static void stop() {
    nodes().close();
  }

  private static NodeCluster nodes() {
    return Objects.requireNonNull(started);
  }

  @BeforeEach
  void fill() {
    NodeBench.forget(nodes());
    NodeApi api = nodes().api();
    api.schema().path("collections").forEach(each -> api.drop(each.path("name").asText()));
    api.collection("films", Map.of("s0", "n1", "s1", "n2"));
    api.store("films", "", 0, 5_000, 1);
  }

  @Test
  void aLostShardIsNamedAndAPartialBackupSaysSoAndIsNoBase() {
    NodeBench bench = NodeBench.with(folder, nodes(), "");
    bench.backup("whole");
    nodes().wipe("n2");
    nodes().start("n2");
    Answer refused = bench.run("backup", "create", "vectors", "--id", "none").ends(1);
    assertThat(refused.err()).contains("films/s1", "node n2", "onMissingNode: partial");
    bench.reaching(nodes().addresses(), "onMissingNode: partial");
    bench.backup("partial");
    JsonNode shown = bench.shown("partial");
    assertThat(shown.path("base").asText()).isEqualTo("whole");
    assertThat(shown.path("missing").asInt()).isEqualTo(1);
    assertThat(shown.path("notIncluded").path("films/s1").asText()).contains("node n2");
    assertThat(bench.run("backup", "show", "partial").done().out()).contains("films/s1", "n2");
    assertThat(bench.run("backup", "list").done().out())
        .containsPattern("partial +vectors +SUCCESS\\* ");
    bench.backup("next");
    assertThat(bench.shown("next").path("base").asText()).isEqualTo("whole");
    bench.leavesNothing();
  }

  @Test
  void aNodeThatComesBackEmptyInTheMiddleFailsTheBackupWhichNamesTheShard() {
    NodeBench bench = NodeBench.with(folder, nodes(), SLOWLY, "slice: 1s", "resumeWindow: 1s");
    try (Running running = bench.start("backup", "create", "vectors", "--id", "b")) {
      NodeBench.await("a snapshot", () -> !bench.snapshots("n2").isEmpty());
      nodes().wipe("n2");
      nodes().start("n2");
      running.answer().failed("FAILED", "films/s1", "node n2", "data folder is missing");
    }
    assertThat(bench.run("backup", "list", "--status", "SUCCESS").done().out())
        .contains("no backups");
    bench.leavesNothingOnceClosed();
  }

  @Test
  void aSnapshotThatExpiresInTheMiddleIsTakenAnew() {
    NodeBench bench = NodeBench.with(folder, nodes(), SLOWLY, "slice: 1s", "chunkSize: 8");
    try (Running running = bench.start("backup", "create", "vectors", "--id", "b")) {
      for (String node : List.of("n1", "n2")) {
        NodeBench.await("a snapshot", () -> !bench.snapshots(node).isEmpty());
      }
      // Time to begin to read, of some seconds that it takes.
      NodeBench.pause(300);
      for (String node : List.of("n1", "n2")) {
        String shard = node.equals("n1") ? "s0" : "s1";
        String name = bench.snapshots(node).get(0).split(" ", 2)[1];
        nodes().api().dropSnapshot(node, "films", shard, name);
      }
      assertThat(running.answer().done().out()).contains("SUCCESS");
    }
    assertThat(bench.workbench().log()).contains("snapshot");
    bench.run("verify", "b", "--level", "full").done();
    bench.restore("b", "--suffix", "-r");
    assertThat(nodes().api().contents("films-r", ""))
        .isEqualTo(nodes().api().contents("films", ""));
    bench.leavesNothing();
  }
}
