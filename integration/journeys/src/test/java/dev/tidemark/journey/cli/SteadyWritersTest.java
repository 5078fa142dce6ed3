package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications that never stop writing while they are backed up. */
class SteadyWritersTest {
  private static final int WRITERS = 2;
  private static final int BATCH = 50;

  private final Path folder;
  private final Map<Integer, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicBoolean stop = new AtomicBoolean();

  SteadyWritersTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void whatWasAcknowledgedBeforeABackupIsInItAndNoWriteFails()
      throws ExecutionException, InterruptedException {
    try (NodeCluster nodes = NodeCluster.start(folder, List.of("n1", "n2"))) {
      NodeApi api = nodes.api();
      api.collection("films", Map.of("s0", "n1", "s1", "n2"));
      api.collection("books", Map.of("s0", "n1"));
      api.store("books", "", 0, 1_500, 1);
      NodeBench bench = NodeBench.with(folder, nodes, "");
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      List<Future<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int first = i * 1_000_000;
        writers.add(threads.submit(() -> write(api, first)));
      }
      List<Map<Integer, Integer>> before = new ArrayList<>();
      try {
        for (String id : List.of("one", "two")) {
          int sofar = acknowledged.size();
          NodeBench.await("more is written", () -> acknowledged.size() >= sofar + 200);
          before.add(new HashMap<>(acknowledged));
          bench.backup(id);
        }
      } finally {
        stop.set(true);
        threads.shutdown();
      }
      for (Future<Integer> writer : writers) {
        assertThat(writer.get()).as("batches written, none of which failed").isPositive();
      }
      bench.restore("one", "--include", "films", "--suffix", "-one");
      bench.restore("two", "--include", "films", "--suffix", "-two");
      holds(api.versions("films-one"), before.get(0));
      holds(api.versions("films-two"), before.get(1));
      onlyWhatChangedIsStored(bench, api);
      bench.leavesNothing();
    }
  }

  /** Batches of new objects, and every other time of old ones in a new version. */
  private int write(NodeApi api, int first) {
    int batches = 0;
    for (; !stop.get(); batches++) {
      int version = batches % 2 == 0 ? 1 : 1 + batches;
      int from = first + (batches % 2 == 0 ? batches / 2 : batches / 4) * BATCH;
      api.store("films", "", from, from + BATCH, version);
      for (int i = from; i < from + BATCH; i++) {
        acknowledged.merge(i, version, Math::max);
      }
    }
    return batches;
  }

  private static void holds(Map<String, Integer> restored, Map<Integer, Integer> acknowledged) {
    assertThat(acknowledged).isNotEmpty();
    acknowledged.forEach(
        (number, version) ->
            assertThat(restored.getOrDefault(NodeApi.id(number), -1))
                .as(
                    "the version of object %d, which was acknowledged in version %d",
                    number, version)
                .isGreaterThanOrEqualTo(version));
  }

  /** Of a collection that is not written to so much that the node compacts it meanwhile. */
  private static void onlyWhatChangedIsStored(NodeBench bench, NodeApi api) {
    String[] books = {"--include", "books"};
    bench.backup("quiet", books);
    bench.backup("same", books);
    api.store("books", "", 0, 20, 2);
    bench.backup("changed", books);
    assertThat(bench.shown("same").path("base").asText()).isEqualTo("quiet");
    // What is small differs from snapshot to snapshot: the manifest of the database, its options.
    assertThat(bench.shown("same").path("stored").asLong()).isLessThan(50_000);
    assertThat(bench.shown("changed").path("stored").asLong()).isBetween(1_000L, 150_000L);
    assertThat(bench.shown("changed").path("bytes").asLong()).isGreaterThan(1_000_000);
  }
}
