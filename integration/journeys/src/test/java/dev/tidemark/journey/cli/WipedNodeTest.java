package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes that lose their disk in the middle of a restore, and come back empty. */
@Execution(ExecutionMode.CONCURRENT)
class WipedNodeTest {
  private static final int OBJECTS = 6_000;
  private static final String SLOWLY = "mebibytesPerSecond: 1, deadline: 5s";

  private final Path folder;

  WipedNodeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void whatANodeLostInTheMiddleOfARestoreIsWrittenAgain() {
    try (NodeCluster nodes = NodeCluster.start(folder, List.of("n1", "n2"))) {
      NodeApi api = nodes.api();
      api.collection("films", Map.of("s0", "n1", "s1", "n2", "s2", "n2"));
      api.store("films", "", 0, OBJECTS, 1);
      var films = api.contents("films", "");
      NodeBench bench = NodeBench.with(folder, nodes, SLOWLY, "slice: 1s", "chunkSize: 8");
      bench.backup("b");
      try (Running running = bench.start("restore", "create", "b", "--suffix", "-r")) {
        // The largest file of one shard; that of the other is still on its way.
        NodeBench.await("a shard on n2", () -> restoring(api, "n2") > 1_000_000);
        nodes.wipe("n2");
        nodes.start("n2");
        assertThat(running.answer().done().out()).contains("SUCCESS");
      }
      assertThat(api.contents("films-r", "")).isEqualTo(films);
      bench.leavesNothing();
    }
  }

  @Test
  void aClusterThatForgotTheRestoreSaysWhatToDoAndHasItOnceItIsResumed() {
    try (NodeCluster nodes = NodeCluster.start(folder, List.of("n1"))) {
      NodeApi api = nodes.api();
      api.collection("books", Map.of("s0", "n1"));
      api.store("books", "", 0, OBJECTS, 1);
      var books = api.contents("books", "");
      NodeBench bench = NodeBench.with(folder, nodes, SLOWLY, "slice: 1s", "chunkSize: 8");
      bench.backup("b");
      try (Running running = bench.start("restore", "create", "b", "--suffix", "-r")) {
        NodeBench.await("bytes on n1", () -> restoring(api, "n1") > 0);
        nodes.wipe("n1");
        nodes.start("n1");
        running.answer().failed("FAILED", "books-r/s0", "restore resume");
      }
      bench.run("restore", "resume", bench.newest("RESTORE").path("run").asText()).done();
      assertThat(api.contents("books-r", "")).isEqualTo(books);
      bench.leavesNothing();
    }
  }

  /** How many bytes of restores a node has. */
  private static long restoring(NodeApi api, String node) {
    long bytes = 0;
    for (JsonNode shard : api.node(node).path("shards")) {
      bytes += shard.path("status").asText().equals("RESTORING") ? shard.path("bytes").asLong() : 0;
    }
    return bytes;
  }
}
