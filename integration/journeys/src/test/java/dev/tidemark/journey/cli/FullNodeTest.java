package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A node whose disk is full. */
@Execution(ExecutionMode.CONCURRENT)
class FullNodeTest {
  private static final int OBJECTS = 5_000;

  private final Path folder;

  FullNodeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aReadOnlyClusterIsBackedUpAndARestoreWaitsForRoomOrIsCancelled() throws IOException {
    try (NodeCluster nodes = filled()) {
      NodeBench bench =
          NodeBench.with(folder, nodes, "mebibytesPerSecond: 2", "slice: 1s", "resumeWindow: 1s");
      NodeApi api = nodes.api();
      api.shardStatus("n1", "books", "s0", "READONLY");
      bench.backup("b");
      limit(nodes, 64 << 20); // which restarts it, and turns the log of its writes into a table
      long used = used(api);

      // Free, but of what a node keeps for itself.
      limit(nodes, used + bench.shown("b").path("bytes").asLong() + 100_000);
      bench.run("restore", "create", "b", "--suffix", "-r").refused("(node n1) has", "bytes free");
      assertThat(api.restores()).isEmpty();

      limit(nodes, 3 * used);
      Path filler = nodes.data("n1").resolve("filler");
      try (Running running = bench.start("restore", "create", "b", "--suffix", "-r")) {
        NodeBench.await("a restore", () -> !api.restores().isEmpty());
        Files.write(filler, new byte[(int) (2 * used)]);
        assertThat(running.until(() -> bench.workbench().log().contains("507"))).isTrue();
        assertThat(bench.workbench().log()).contains("step.failed", "node n1");
        assertThat(api.schema().toString()).doesNotContain("books-r");
        Files.delete(filler);
        assertThat(running.answer().done().out()).contains("SUCCESS");
      }
      assertThat(api.contents("books-r", "")).isEqualTo(api.contents("books", ""));
      api.drop("books-r");

      Files.write(filler, new byte[(int) (used / 2)]);
      try (Running running = bench.start("restore", "create", "b", "--suffix", "-c")) {
        NodeBench.await("a restore", () -> !api.restores().isEmpty());
        String run = bench.newest("RESTORE").path("run").asText();
        bench.run("restore", "cancel", run).ends(0);
        running.answer().ends(3);
      }
      bench.leavesNothingOnceClosed();
      assertThat(api.schema().toString()).doesNotContain("books-c");
    }
  }

  @Test
  @Tag("slow")
  void aRestoreThatNeverFindsRoomFailsWithTheNodesNameAndLeavesNothing() throws IOException {
    try (NodeCluster nodes = filled()) {
      NodeBench bench =
          NodeBench.with(folder, nodes, "mebibytesPerSecond: 2", "slice: 1s", "resumeWindow: 1s");
      bench.backup("b");
      NodeApi api = nodes.api();
      limit(nodes, 64 << 20);
      long used = used(api);
      limit(nodes, 3 * used);
      Path filler = nodes.data("n1").resolve("filler");
      try (Running running = bench.start("restore", "create", "b", "--suffix", "-r")) {
        NodeBench.await("a restore", () -> !api.restores().isEmpty());
        Files.write(filler, new byte[(int) (2 * used)]);
        running.answer().failed("FAILED", "books/s0", "node n1", "507");
      }
      bench.leavesNothingOnceClosed();
      assertThat(api.schema().toString()).doesNotContain("books-r");
      Files.delete(filler);
      bench.restore("b", "--suffix", "-r");
      assertThat(api.contents("books-r", "")).isEqualTo(api.contents("books", ""));
    }
  }

  private NodeCluster filled() throws IOException {
    NodeCluster nodes =
        NodeCluster.start(Files.createDirectory(folder.resolve("c")), List.of("n1"));
    nodes.api().collection("books", Map.of("s0", "n1"));
    nodes.api().store("books", "", 0, OBJECTS, 1);
    return nodes;
  }

  private static long used(NodeApi api) {
    return api.node("n1").path("disk").path("usedBytes").asLong();
  }

  private static void limit(NodeCluster nodes, long bytes) {
    nodes.options("--disk-limit", String.valueOf(bytes));
    nodes.kill("n1");
    nodes.start("n1");
  }
}
