package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A person who backs up a running cluster, {@code vectors}, into a vault in a folder, by the
 * command line.
 */
final class NodeBench {
  static final String CLUSTER = "vectors";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Workbench bench;
  private final NodeCluster nodes;
  private final List<String> settings;
  private final Map<String, String> clusters = new TreeMap<>();

  private NodeBench(Workbench bench, NodeCluster nodes, List<String> settings) {
    this.bench = bench;
    this.nodes = nodes;
    this.settings = settings;
  }

  /**
   * With a vault that is made already.
   *
   * @param keys more keys of the cluster, in flow style with a comma between
   * @param settings {@code key: value}
   */
  static NodeBench with(Path folder, NodeCluster nodes, String keys, String... settings) {
    var bench = new NodeBench(Workbench.bare(folder), nodes, List.of(settings));
    Workbench.write(folder.resolve("key"), NodeCluster.KEY + "\n");
    bench.reaching(nodes.addresses(), keys);
    bench.run("vault", "create", "main").done();
    return bench;
  }

  /** Reaches the nodes of the cluster at these addresses from now on. */
  NodeBench reaching(Map<String, String> addresses, String keys) {
    return knowing(
        CLUSTER, addresses, "apiKey: \"file:key\"" + (keys.isEmpty() ? "" : ", " + keys));
  }

  /** Knows a cluster by this name from now on. */
  NodeBench knowing(String name, Map<String, String> addresses, String keys) {
    List<String> each = new ArrayList<>();
    addresses.forEach((node, address) -> each.add("%s: \"%s\"".formatted(node, address)));
    clusters.put(
        name,
        "  %s: { engine: embedded, vault: main, nodes: { %s }, %s }%n"
            .formatted(name, String.join(", ", each), keys));
    List<String> all = new ArrayList<>(List.of("state: state"));
    all.addAll(settings);
    Workbench.write(
        bench.folder().resolve("tidemark.yaml"),
        "settings: { %s }%nvaults: { main: { path: vault } }%nclusters:%n%s"
            .formatted(String.join(", ", all), String.join("", clusters.values())));
    return this;
  }

  Workbench workbench() {
    return bench;
  }

  NodeApi api() {
    return nodes.api();
  }

  Answer run(String... arguments) {
    return bench.run(arguments);
  }

  Running start(String... arguments) {
    return bench.start(arguments);
  }

  /** A backup that succeeds. */
  Answer backup(String id, String... options) {
    return bench.run(with(List.of("backup", "create", CLUSTER, "--id", id), options)).done();
  }

  /** A restore that succeeds. */
  Answer restore(String id, String... options) {
    return bench.run(with(List.of("restore", "create", id), options)).done();
  }

  static String[] with(List<String> command, String... options) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  /** A backup as {@code backup show} shows it. */
  JsonNode shown(String id) {
    return bench.run("backup", "show", id, "--json").done().json();
  }

  /** The newest run of a kind, as {@code run list} shows it. */
  JsonNode newest(String kind) {
    JsonNode newest = null;
    for (JsonNode run : bench.run("run", "list", "--json").done().json().path("runs")) {
      if (run.path("kind").asText().equals(kind)
          && (newest == null
              || run.path("startedAt").asText().compareTo(newest.path("startedAt").asText()) > 0)) {
        newest = run;
      }
    }
    if (newest == null) {
      throw new AssertionError("no run of kind " + kind);
    }
    return newest;
  }

  /** A server that works every run of this state folder. */
  Running serving() {
    Running server = bench.start("serve");
    assertThat(server.until(() -> server.printed().contains("serving;")))
        .as(server.printed())
        .isTrue();
    return server;
  }

  /** Snapshots of runs of ours and restores that are not published, on all nodes. */
  List<String> leftOnNodes() {
    List<String> left = new ArrayList<>(nodes.api().restores());
    nodes.addresses().keySet().forEach(node -> left.addAll(snapshots(node)));
    return left;
  }

  /** The names of our snapshots: {@code collection/shard tidemark-DEPLOYMENT-WRITER}. */
  List<String> snapshots(String node) {
    return nodes.api().snapshots(node, "tidemark-").stream()
        .filter(name -> name.matches(".* tidemark-[^-]+-[a-z0-9]{12}"))
        .toList();
  }

  /** Takes away what a test that failed has left on nodes that others use after it. */
  static void forget(NodeCluster nodes) {
    nodes.startAll();
    NodeApi api = nodes.api();
    api.restores().forEach(api::abortRestore);
    nodes.addresses().keySet().forEach(node -> api.dropSnapshots(node, "tidemark-"));
  }

  void leavesNothing() {
    assertThat(leftOnNodes()).as("what is left on the nodes").isEmpty();
  }

  /** Lets a server close what has ended; the resume window has to be short. */
  void leavesNothingOnceClosed() {
    if (!leftOnNodes().isEmpty()) {
      try (Running server = serving()) {
        await("nothing is left on the nodes", () -> leftOnNodes().isEmpty());
        server.terminate().ends(0);
      }
    }
    leavesNothing();
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for: " + what).isLessThan(end);
      pause(20);
    }
  }

  static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All that the cluster shows of these collections. */
  Map<String, Map<String, String>> contents(String... collections) {
    Map<String, Map<String, String>> all = new TreeMap<>();
    for (String collection : collections) {
      all.put(collection, nodes.api().contents(collection, ""));
    }
    return all;
  }
}
