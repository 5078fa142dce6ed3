package dev.tidemark.engine.embedded;

import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.engine.embedded.EmbeddedConfig.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two real node processes, and what is in them before each test. */
final class TwoNodes implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  static final List<String> NAMES = List.of("n1", "n2");
  private static final AtomicInteger DEPLOYMENTS = new AtomicInteger();

  private @Nullable NodeCluster started;
  private Path folder = Path.of("/");
  private String deployment = "";

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("nodes");
    started = NodeCluster.start(folder, NAMES);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    cluster().startAll();
    deployment = "d" + DEPLOYMENTS.incrementAndGet();
    NodeApi api = cluster().api();
    api.restores().forEach(api::abortRestore);
    api.schema().path("collections").forEach(each -> api.drop(each.path("name").asText()));
    api.collection("books", Map.of("s0", "n1"));
    api.store("books", "", 0, 600, 1);
    api.collection("films", Map.of("s0", "n1", "s1", "n2"));
    api.store("films", "", 0, 100, 1);
    api.tenants("customers", List.of("acme", "globex", "initech"));
    api.store("customers", "acme", 0, 20, 1);
    api.store("customers", "globex", 0, 30, 1);
    api.status("customers", "globex", "INACTIVE");
    api.alias("live", "books");
    // The user's, though it looks like ours.
    api.snapshot("n1", "books", "s0", "tidemark-" + deployment);
  }

  NodeCluster cluster() {
    return Objects.requireNonNull(started);
  }

  String deployment() {
    return deployment;
  }

  RunToken run() {
    return new RunToken(deployment, "aaaaaaaaaaaa");
  }

  StorageEngine open(MissingNode onMissingNode) {
    return open(onMissingNode, Duration.ofHours(1));
  }

  StorageEngine open(MissingNode onMissingNode, Duration snapshotTtl) {
    return open(onMissingNode, snapshotTtl, Duration.ofSeconds(30));
  }

  /** One that soon takes a node that does not answer for one that hangs. */
  StorageEngine hurried() {
    return open(MissingNode.FAIL, Duration.ofHours(1), Duration.ofSeconds(3));
  }

  private StorageEngine open(MissingNode onMissingNode, Duration snapshotTtl, Duration deadline) {
    Map<String, URI> nodes = new TreeMap<>();
    cluster().addresses().forEach((name, address) -> nodes.put(name, URI.create(address)));
    return new EmbeddedEngine(
        new EmbeddedConfig(
            "vectors",
            new TreeMap<>(nodes),
            "env:KEY",
            null,
            snapshotTtl,
            onMissingNode,
            0,
            deadline),
        reference -> NodeCluster.KEY);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    cluster().close();
    NodeCluster.delete(folder);
  }
}
