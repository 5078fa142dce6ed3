package dev.tidemark.node;

import dev.tidemark.node.cluster.Members;
import dev.tidemark.node.http.NodeServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Nodes n1, n2, … in this process, each with a server on a free port and a common clock. */
public final class TestCluster implements AutoCloseable {
  /** A cluster's ports are chosen before its first node listens. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final Map<String, URI> urls = new LinkedHashMap<>();
  private final Map<String, Running> running = new HashMap<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private OptionalLong diskLimitBytes = OptionalLong.empty();

  private record Running(Node node, NodeServer server) {}

  private TestCluster(Path folder, int nodes) throws IOException {
    this.folder = folder;
    for (int i = 1; i <= nodes; i++) {
      urls.put("n" + i, URI.create("http://127.0.0.1:" + freePort()));
    }
  }

  public static TestCluster start(Path folder, int nodes) throws IOException {
    var cluster = new TestCluster(folder, nodes);
    for (String node : cluster.urls.keySet()) {
      cluster.start(node);
    }
    return cluster;
  }

  /**
   * Nobody else is given it. Below the ports of outgoing connections, which could take it while its
   * node is down.
   */
  public static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_768);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) throws IOException {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    }
  }

  public void limitDisk(long bytes) {
    diskLimitBytes = OptionalLong.of(bytes);
  }

  public void start(String node) throws IOException {
    var settings =
        new NodeSettings(
            new Members(node, urls),
            folder.resolve(node),
            "127.0.0.1",
            url(node).getPort(),
            Api.KEY,
            diskLimitBytes,
            NodeSettings.DEFAULT_MEMTABLE_BYTES,
            NodeSettings.DEFAULT_RESTORES_KEPT,
            Optional.empty());
    InstantSource clock = now::get;
    Node opened = Node.open(settings, clock);
    running.put(node, new Running(opened, NodeServer.start(opened)));
  }

  public void stop(String node) throws IOException {
    Running stopped = Objects.requireNonNull(running.remove(node), node);
    stopped.server().close();
    stopped.node().close();
    awaitFree(url(node).getPort());
  }

  /** A server of Micronaut is stopped before its port is free. */
  private static void awaitFree(int port) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!isFree(port)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("port %d is still taken by a stopped node".formatted(port));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  public Api api(String node) {
    return new Api(url(node));
  }

  private URI url(String node) {
    return Objects.requireNonNull(urls.get(node), node);
  }

  public Path folder(String node) {
    return folder.resolve(node);
  }

  public void advance(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  @Override
  public void close() throws IOException {
    for (String node : Map.copyOf(running).keySet()) {
      stop(node);
    }
  }
}
