package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.FaultProxy;
import dev.tidemark.contract.fault.NetworkFault;
import dev.tidemark.contract.fault.NetworkPlan;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad network between Tidemark and the nodes. */
class BadNetworkTest {
  private static final String IMPATIENT = "deadline: 1s";

  @TempDir static Path place = Path.of("/");
  private static @Nullable NodeCluster started;

  private final Path folder;
  private final Map<String, FaultProxy> proxies = new TreeMap<>();

  BadNetworkTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void start() throws IOException {
    started = NodeCluster.start(Files.createDirectory(place.resolve("c")), List.of("n1", "n2"));
    NodeApi api = nodes().api();
    api.collection("books", Map.of("s0", "n1", "s1", "n2"));
    api.store("books", "", 0, 3_000, 1);
    api.snapshot("n1", "books", "s0", "mine");
  }

  @AfterAll
  static void stop() {
    nodes().close();
  }

  private static NodeCluster nodes() {
    return Objects.requireNonNull(started);
  }

  @BeforeEach
  void connect() {
    NodeBench.forget(nodes());
    for (String node : nodes().addresses().keySet()) {
      proxies.put(node, FaultProxy.before(nodes().port(node)));
    }
  }

  @AfterEach
  void disconnect() {
    proxies.values().forEach(FaultProxy::close);
    assertThat(nodes().api().snapshots("n1", "mine")).containsExactly("books/s0 mine");
  }

  private NodeBench bench(String keys) {
    return bench(keys, "5s");
  }

  private NodeBench bench(String keys, String resumeWindow) {
    Map<String, String> addresses = new TreeMap<>();
    proxies.forEach((node, proxy) -> addresses.put(node, proxy.address()));
    String window = "resumeWindow: " + resumeWindow;
    return NodeBench.with(folder, nodes(), keys, "slice: 2s", window, "chunkSize: 8")
        .reaching(addresses, keys);
  }

  private FaultProxy proxy(String node) {
    return Objects.requireNonNull(proxies.get(node));
  }

  private int injected(String node) {
    return proxy(node).injected().values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Meant once: the first requests of each kind, whatever the others are. */
  private static NetworkPlan once(Map<String, NetworkFault> faults) {
    List<NetworkPlan> plans = new ArrayList<>();
    faults.forEach(
        (pattern, fault) -> {
          Predicate<String> meant = request -> request.matches(pattern + " HTTP/1.1");
          plans.add(NetworkPlan.first(1, meant, fault));
        });
    return request ->
        plans.stream()
            .map(plan -> plan.faultOf(request))
            .filter(fault -> fault != NetworkFault.PASS)
            .findFirst()
            .orElse(NetworkFault.PASS);
  }

  @Test
  void everyKindOfFaultIsOvercomeInABackupAndInARestore() {
    NodeBench bench = bench(IMPATIENT);
    proxy("n1")
        .plan(
            once(
                Map.of(
                    "PUT .*/snapshots/tidemark-.*", NetworkFault.LOSE_REPLY,
                    "GET .*/files/.*\\.sst", NetworkFault.CUT,
                    "GET .*/files/CURRENT", new NetworkFault.Answer(503),
                    "DELETE .*/snapshots/.*", NetworkFault.LOSE_REPLY)));
    proxy("n2")
        .plan(
            once(
                Map.of(
                    "PUT .*/snapshots/tidemark-.*", NetworkFault.HANG,
                    "GET .*/files/.*\\.sst", new NetworkFault.Slow(20_000),
                    "GET .*/files/CURRENT", NetworkFault.HALF_CLOSE,
                    "GET .*/v1/snapshots\\?.*", NetworkFault.REFUSE)));
    bench.backup("b");
    assertThat(List.of(injected("n1"), injected("n2"))).containsExactly(4, 4);
    bench.leavesNothingOnceClosed();

    proxy("n1")
        .plan(
            once(
                Map.of(
                    "PUT /v1/restores/[^/]+/collections/.*", NetworkFault.LOSE_REPLY,
                    "PUT /v1/restores/.*/files/.*\\.sst.*", NetworkFault.LOSE_REPLY,
                    "POST .*/sync.*", NetworkFault.REFUSE,
                    "POST .*/publish", NetworkFault.LOSE_REPLY)));
    proxy("n2")
        .plan(
            once(
                Map.of(
                    "PUT /v1/restores/[^/]+/shards/[^/]+/[^/]+", NetworkFault.HALF_CLOSE,
                    "PUT /v1/restores/.*/files/.*\\.sst.*", NetworkFault.HANG,
                    "PUT /v1/restores/.*/files/CURRENT.*", new NetworkFault.Answer(500),
                    "POST .*/commit.*", NetworkFault.LOSE_REPLY)));
    bench.restore("b", "--suffix", "-r");
    assertThat(List.of(injected("n1"), injected("n2"))).containsExactly(8, 8);
    equal(bench, "-r");
    bench.leavesNothingOnceClosed();
  }

  @Test
  void aNodeThatCannotBeReachedIsNamedAndNothingIsStarted() {
    NodeBench bench = bench(IMPATIENT);
    proxy("n2").plan(NetworkPlan.always(NetworkFault.HANG));
    long start = System.nanoTime();
    Answer answer = bench.run("backup", "create", "vectors", "--id", "b").ends(1);
    assertThat(answer.err()).contains("node n2", "no whole answer within 1s");
    proxy("n2").plan(NetworkPlan.always(new NetworkFault.Answer(503)));
    answer = bench.run("backup", "create", "vectors", "--id", "b").ends(1);
    assertThat(answer.err()).contains("node n2", "503");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    assertThat(bench.run("run", "list").done().out()).contains("no runs");
    bench.leavesNothing();
  }

  @Test
  @Tag("slow")
  void aNodeThatStaysAwayFailsTheRunByNameWhichIsResumedWhenItIsBack() {
    NodeBench bench = bench(IMPATIENT);
    proxy("n2")
        .plan(
            request ->
                request.contains("/files/") ? new NetworkFault.Answer(503) : NetworkFault.PASS);
    Answer answer = bench.run("backup", "create", "vectors", "--id", "b");
    answer.failed("FAILED", "books/s1", "node n2", "503");
    proxy("n2").plan(NetworkPlan.none());
    bench.leavesNothingOnceClosed();
    bench.backup("c");
    proxy("n2")
        .plan(request -> request.contains("/files/") ? NetworkFault.LOSE_REPLY : NetworkFault.PASS);
    bench.run("restore", "create", "c", "--suffix", "-f").failed("FAILED", "books/s1", "node n2");
    proxy("n2").plan(NetworkPlan.none());
    bench.leavesNothingOnceClosed();
    assertThat(nodes().api().schema().toString()).doesNotContain("books-f");
    bench.restore("c", "--suffix", "-g");
    equal(bench, "-g");
  }

  @Test
  @Tag("slow")
  void faultsByChanceDoNotHarmARunOrEndItWithASentence() {
    long seed = Long.getLong("tidemark.seed", ThreadLocalRandom.current().nextLong(1_000_000));
    System.out.println("BadNetworkTest seed " + seed + ", replay with -Dtidemark.seed=" + seed);
    // What fails is resumed by a later command.
    NodeBench bench = bench(IMPATIENT, "30s");
    for (int round = 0; round < 6; round++) {
      int at = round;
      List<NetworkFault> faults = new ArrayList<>(NetworkFault.QUICK);
      faults.add(NetworkFault.HANG);
      faults.add(new NetworkFault.Slow(300_000));
      proxies.values().forEach(proxy -> proxy.plan(NetworkPlan.seeded(seed + at, 25, faults)));
      finished(bench, "b" + round, "backup", "create", "vectors", "--id", "b" + round);
      finished(bench, "b" + round, "restore", "create", "b" + round, "--suffix", "-" + round);
      equal(bench, "-" + round);
      proxies.values().forEach(proxy -> proxy.plan(NetworkPlan.none()));
      bench.leavesNothingOnceClosed();
    }
    proxies.values().forEach(proxy -> assertThat(proxy.injected()).hasSizeGreaterThan(4));
    bench.run("verify", "--all", "--level", "full").done();
  }

  /** Ends in SUCCESS; or did not start, or failed with a sentence, and does so when repeated. */
  private void finished(NodeBench bench, String id, String... command) {
    Answer answer = bench.run(command);
    for (int i = 0; answer.exitCode() != 0 && i < 3; i++) {
      System.out.println("  " + answer.err());
      answer.ends(1);
      assertThat(answer.out() + answer.err()).contains("node n");
      if (i == 2) {
        proxies.values().forEach(proxy -> proxy.plan(NetworkPlan.none()));
      }
      if (!answer.out().contains("FAILED")) {
        answer = bench.run(command);
      } else if (command[0].equals("backup")) {
        answer = bench.run("backup", "resume", id);
      } else {
        answer = bench.run("restore", "resume", bench.newest("RESTORE").path("run").asText());
      }
    }
    answer.done();
  }

  private static void equal(NodeBench bench, String suffix) {
    assertThat(bench.api().contents("books" + suffix, ""))
        .isEqualTo(bench.api().contents("books", ""));
    bench.api().drop("books" + suffix);
  }
}
