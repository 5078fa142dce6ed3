package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and servers that are killed at any moment. */
class KilledNodesTest {
  private static final String[] COLLECTIONS = {"books", "films"};

  private final Path folder;

  KilledNodesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void fiveKillsOfNodesAndServerLoseNothingAndLeaveNothing() {
    survive(seed(), 5, 1_500);
  }

  @Test
  @Tag("slow")
  void thirtySixKillsOfNodesAndServerLoseNothingAndLeaveNothing() {
    survive(seed(), 36, 4_000);
  }

  /** Several kills hit the same run; backups and restores take turns. */
  private void survive(long seed, int kills, int objects) {
    System.out.println("KilledNodesTest seed " + seed + ", replay with -Dtidemark.seed=" + seed);
    var random = new Random(seed);
    try (NodeCluster nodes = NodeCluster.start(folder, List.of("n1", "n2"))) {
      NodeApi api = nodes.api();
      api.collection("books", Map.of("s0", "n1"));
      api.collection("films", Map.of("s0", "n2", "s1", "n1"));
      api.store("books", "", 0, objects, 1);
      api.store("films", "", 0, objects, 1);
      api.snapshot("n1", "books", "s0", "mine");
      NodeBench bench =
          NodeBench.with(
              folder,
              nodes,
              "mebibytesPerSecond: 1, deadline: 5s",
              "slice: 1s",
              "resumeWindow: 30s",
              "chunkSize: 8");
      var killer = new Killer(bench, nodes, random);
      int left = kills;
      for (int round = 0; left > 0; round++) {
        int now = Math.min(left, 2 + random.nextInt(3));
        left -= now;
        if (round % 2 == 0) {
          killer.during(now, "backup", "create", "vectors", "--id", "b" + round, "--base", "none");
        } else {
          killer.during(now, "restore", "create", "b0", "--suffix", "-" + round);
          equal(bench, "-" + round);
        }
      }
      bench.restore("b0", "--suffix", "-last");
      equal(bench, "-last");
      bench.run("verify", "--all", "--level", "full").done();
      bench.leavesNothingOnceClosed();
      assertThat(api.snapshots("n1", "mine")).containsExactly("books/s0 mine");
    }
  }

  private static void equal(NodeBench bench, String suffix) {
    for (String collection : COLLECTIONS) {
      assertThat(bench.api().contents(collection + suffix, ""))
          .isEqualTo(bench.api().contents(collection, ""));
      bench.api().drop(collection + suffix);
    }
  }

  private static long seed() {
    return Long.getLong("tidemark.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  }

  /** Works a run by servers, and kills them, a node, or both; what was killed is started again. */
  private record Killer(NodeBench bench, NodeCluster nodes, Random random) {

    void during(int kills, String... command) {
      String[] detached = NodeBench.with(List.of(command), "--detach", "--json");
      String run = bench.run(detached).done().json().path("run").asText();
      Running server = bench.serving();
      try {
        for (int i = 0; i < kills; i++) {
          server.endsWithin(Duration.ofMillis(100 + random.nextInt(1_200)));
          server = strike(server, run);
        }
        Running last = server;
        NodeBench.await(run + " ends", () -> ended(run) || !last.alive());
        assertThat(last.alive()).as(last.printed()).isTrue();
        server.terminate().ends(0);
      } finally {
        server.close();
      }
      JsonNode end = shown(run);
      if (!end.path("status").asText().equals("SUCCESS")) {
        System.out.println("  resumed: " + end);
        String what = end.path("kind").asText().equals("BACKUP") ? "backup" : "restore";
        String id = what.equals("backup") ? end.path("id").asText() : run;
        bench.run(what, "resume", id).done();
      }
    }

    private Running strike(Running server, String run) {
      String node = random.nextBoolean() ? "n1" : "n2";
      int victim = random.nextInt(4);
      System.out.printf(
          "  %s: kill %s%n",
          run, victim == 0 ? "server" : victim == 1 ? node + " and server" : node);
      if (victim > 0) {
        nodes.kill(node);
      }
      if (victim <= 1) {
        server.kill();
      }
      server.endsWithin(Duration.ofMillis(random.nextInt(300)));
      if (victim > 0) {
        nodes.start(node);
      }
      return victim <= 1 ? bench.serving() : server;
    }

    private boolean ended(String run) {
      String status = shown(run).path("status").asText();
      return List.of("SUCCESS", "FAILED", "CANCELED").contains(status);
    }

    private JsonNode shown(String run) {
      for (JsonNode each : bench.run("run", "list", "--json").done().json().path("runs")) {
        if (each.path("run").asText().equals(run)) {
          return each;
        }
      }
      throw new AssertionError("no run " + run);
    }
  }
}
