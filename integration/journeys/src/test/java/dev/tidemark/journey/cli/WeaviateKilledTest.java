package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers and servers that are killed at random moments while Weaviate is backed up and restored.
 * More kills with {@code -Dtidemark.kills=40}.
 */
@Tag("engines")
class WeaviateKilledTest {
  private static final int OBJECTS = 1_500;

  /** A server that is gone for a moment is asked again soon. */
  private static final String HURRIED = ", stall: 10s, deadline: 5s";

  private static final int KILLS = Integer.getInteger("tidemark.kills", 2);

  private final Path folder;
  private final WeaviateCluster cluster;
  private final WeaviateCluster load;
  private final WeaviateApi api;
  private final WeaviateApi there;
  private final Workbench bench;
  private final Random random;

  WeaviateKilledTest(@TempDir Path folder) {
    this.folder = folder;
    this.cluster =
        WeaviateCluster.single(folder.resolve("server"), folder.resolve("native"), Map.of());
    this.load =
        WeaviateCluster.single(
            "load", folder.resolve("load"), folder.resolve("load-native"), Map.of());
    this.api = new WeaviateApi(cluster.node(0).address());
    this.there = new WeaviateApi(load.node(0).address());
    this.bench = Workbench.with(folder);
    long seed = Long.getLong("tidemark.seed", ThreadLocalRandom.current().nextLong(1_000_000));
    System.out.println("WeaviateKilledTest seed " + seed + ", replay with -Dtidemark.seed=" + seed);
    this.random = new Random(seed);
    Workbench.write(
        folder.resolve("tidemark.yaml"),
        """
        settings: { state: state, chunkSize: 8, slice: 1s }
        vaults: { main: { path: vault } }
        clusters:
        %s%s
        """
            .formatted(
                Workbench.weaviate("films", cluster, "native", HURRIED),
                Workbench.weaviate("load", load, "load-native", HURRIED)));
    api.collection("Films", 2, 1);
    api.store("Films", "", 0, OBJECTS, 1);
    api.tenants("Tenants", 1, List.of("a", "b"));
    api.store("Tenants", "a", 0, 100, 1);
  }

  @AfterEach
  void close() {
    cluster.close();
    load.close();
  }

  private static void sleep(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What of ours lies where a server keeps its native backups. */
  private List<String> staged(String natives) {
    try {
      return Workbench.listing(folder.resolve(natives)).keySet().stream()
          .filter(name -> name.startsWith("tidemark-"))
          .toList();
    } catch (UncheckedIOException e) {
      return List.of("something that went while it was looked at");
    }
  }

  private void requireNothingStaged(String natives) {
    for (int i = 0; i < 300 && !staged(natives).isEmpty(); i++) {
      sleep(Duration.ofMillis(100));
    }
    assertThat(staged(natives)).isEmpty();
  }

  private void requireRestored() {
    assertThat(there.objects("Films", "")).isEqualTo(api.objects("Films", ""));
    assertThat(there.objects("Tenants", "a")).isEqualTo(api.objects("Tenants", "a"));
    requireNothingStaged("load-native");
    there.collections().forEach(there::drop);
  }

  /** Runs a command in a process of its own, and kills that at a random moment. */
  private void killed(String... command) {
    try (Running running = bench.start(command)) {
      Duration after = Duration.ofMillis(700 + random.nextInt(5_000));
      boolean ended = running.endsWithin(after);
      Answer answer = ended ? running.answer() : running.kill();
      System.out.printf(
          "  %s: %s after %s%n", String.join(" ", command), ended ? "ended" : "killed", after);
      if (ended) {
        answer.done();
      }
    }
  }

  @Test
  void aWorkerThatIsKilledAtAnyMomentIsFollowedByOneThatGoesOn() {
    int left = KILLS;
    for (int round = 0; left > 0; round++) {
      String id = "k" + round;
      String[] create = {"backup", "create", "films", "--id", id, "--base", "none"};
      int now = Math.min(left, 1 + random.nextInt(2));
      for (int i = 0; i < now; i++) {
        killed(create);
      }
      left -= now;
      assertThat(bench.run(create).done().out()).contains("SUCCESS");
      bench.run("verify", id, "--level", "full").done();
      requireNothingStaged("native");
    }
    left = KILLS;
    while (left > 0) {
      String[] create = {"restore", "create", "k0", "--into", "load"};
      String[] next = create;
      int now = Math.min(left, 1 + random.nextInt(2));
      for (int i = 0; i < now && next.length > 0; i++) {
        killed(next);
        next = openRestore(create);
      }
      left -= now;
      if (next.length > 0) {
        assertThat(bench.run(next).done().out()).contains("SUCCESS");
      }
      requireRestored();
    }
  }

  /** How to go on with the restore that was killed; nothing where it has ended. */
  private String[] openRestore(String[] create) {
    for (JsonNode run : bench.run("run", "list", "--json").done().json().get("runs")) {
      if (run.get("kind").asText().equals("RESTORE")
          && !run.get("status").asText().equals("SUCCESS")) {
        return new String[] {"restore", "resume", run.get("run").asText()};
      }
    }
    return there.collections().isEmpty() ? create : new String[0];
  }

  @Test
  void aServerThatIsKilledAtAnyMomentIsBackedUpAndRestoredIntoWhenItIsBack() {
    for (int i = 0; i < Math.max(1, KILLS / 2); i++) {
      String id = "k" + i;
      try (Running running = bench.start("backup", "create", "films", "--id", id)) {
        killAndStart(cluster, running, "native");
        assertThat(running.answer().done().out()).contains("SUCCESS");
      }
      bench.run("verify", id, "--level", "full").done();
      requireNothingStaged("native");

      try (Running running = bench.start("restore", "create", id, "--into", "load")) {
        // It costs a restore half a minute, and the engine's own tests kill a server there too.
        if (KILLS > 2) {
          killAndStart(load, running, "load-native");
        }
        assertThat(running.answer().done().out()).contains("SUCCESS");
      }
      requireRestored();
    }
  }

  /** At a moment after the run has begun: before it, the command asks to be given again. */
  private void killAndStart(WeaviateCluster of, Running running, String natives) {
    assertThat(running.until(() -> !staged(natives).isEmpty())).isTrue();
    Duration after = Duration.ofMillis(random.nextInt(3_000));
    sleep(after);
    of.node(0).kill();
    sleep(Duration.ofMillis(random.nextInt(2_000)));
    of.node(0).launch();
    of.node(0).await();
    System.out.printf("  server of %s killed after %s%n", of.node(0).name(), after);
  }
}
