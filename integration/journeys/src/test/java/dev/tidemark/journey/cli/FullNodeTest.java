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
  private static final long PLENTY = 64 << 20;

  private final Path folder;

  FullNodeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aReadOnlyClusterIsBackedUpAndARestoreWaitsForRoomOrIsCancelled() throws IOException {
    try (NodeCluster nodes = filled()) {
      NodeBench bench = NodeBench.with(folder, nodes, "", "slice: 1s", "resumeWindow: 1s");
      NodeApi api = nodes.api();
      api.shardStatus("n1", "books", "s0", "READONLY");
      bench.backup("b");
      limit(nodes, PLENTY); // which restarts it, and turns the log of its writes into a table
      long used = used(api);

      // Free, but of what a node keeps for itself.
      limit(nodes, used + bench.shown("b").path("bytes").asLong() + 100_000);
      bench
          .run("restore", "create", "b", "--suffix", "-r")
          .refused(
              "node n1, where books-r/s0 of cluster vectors goes, needs",
              " free (",
              "from 90 % on it writes nothing",
              "free or add space on node n1");
      assertThat(api.restores()).isEmpty();

      limit(nodes, PLENTY);
      try (Running running = withoutRoom(bench, nodes, "-r")) {
        assertThat(running.until(() -> refusedForRoom(bench) > 0)).isTrue();
        assertThat(bench.workbench().log()).contains("step.failed", "node n1");
        assertThat(api.schema().toString()).doesNotContain("books-r");
        limit(nodes, PLENTY);
        assertThat(running.answer().done().out()).contains("SUCCESS");
      }
      assertThat(api.contents("books-r", "")).isEqualTo(api.contents("books", ""));
      api.drop("books-r");

      int before = refusedForRoom(bench);
      try (Running running = withoutRoom(bench, nodes, "-c")) {
        assertThat(running.until(() -> refusedForRoom(bench) > before)).isTrue();
        bench.run("restore", "cancel", bench.newest("RESTORE").path("run").asText()).ends(0);
        running.answer().ends(3);
      }
      bench.leavesNothingOnceClosed();
      assertThat(api.schema().toString()).doesNotContain("books-c");
    }
  }

  /** A restore that found room when it was asked for, and finds none when it is worked. */
  private static Running withoutRoom(NodeBench bench, NodeCluster nodes, String suffix) {
    String run =
        bench.restore("b", "--suffix", suffix, "--detach", "--json").json().path("run").asText();
    limit(nodes, used(bench.api()));
    return bench.start("restore", "resume", run);
  }

  private static int refusedForRoom(NodeBench bench) {
    return bench.workbench().log().split("status 507", -1).length - 1;
  }

  @Test
  @Tag("slow")
  void aRestoreThatNeverFindsRoomFailsWithTheNodesNameAndLeavesNothing() throws IOException {
    try (NodeCluster nodes = filled()) {
      NodeBench bench =
          NodeBench.with(folder, nodes, "", "slice: 1s", "resumeWindow: 1s", "attempts: 5");
      bench.backup("b");
      NodeApi api = nodes.api();
      limit(nodes, PLENTY);
      try (Running running = withoutRoom(bench, nodes, "-r")) {
        running.answer().failed("FAILED", "books-r/s0", "node n1", "507");
      }
      bench.leavesNothingOnceClosed();
      assertThat(api.schema().toString()).doesNotContain("books-r");
      limit(nodes, PLENTY);
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
