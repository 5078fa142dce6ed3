package dev.tidemark.contract.node;

import dev.tidemark.contract.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** Nodes on free ports of the loopback interface. Closing kills them; the folder stays. */
public final class NodeCluster implements AutoCloseable {
  public static final String KEY = "key-of-the-tests";
  private static final long PATIENCE_SECONDS = 120;

  private final Path folder;
  private final Map<String, Integer> ports = new TreeMap<>();
  private final Map<String, Process> running = new TreeMap<>();
  private final Optional<SSLContext> tls;
  private List<String> options;

  private NodeCluster(
      Path folder, List<String> names, Optional<SSLContext> tls, List<String> options) {
    this.folder = folder;
    this.tls = tls;
    this.options = options;
    names.forEach(name -> ports.put(name, FreePorts.any()));
  }

  /**
   * Starts nodes, and waits until they are ready.
   *
   * @param options more of the node's own
   */
  public static NodeCluster start(Path folder, List<String> names, String... options) {
    return start(new NodeCluster(folder, names, Optional.empty(), List.of(options)));
  }

  /**
   * Starts nodes that speak TLS.
   *
   * @param client what an application shows and trusts
   * @param options the node's own, for its certificate and the like
   */
  public static NodeCluster startTls(
      Path folder, List<String> names, SSLContext client, String... options) {
    return start(new NodeCluster(folder, names, Optional.of(client), List.of(options)));
  }

  private static NodeCluster start(NodeCluster cluster) {
    try {
      Files.writeString(cluster.folder.resolve("key"), KEY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cluster.startAll();
    return cluster;
  }

  /** Names to addresses like {@code http://127.0.0.1:8101}. */
  public Map<String, String> addresses() {
    Map<String, String> addresses = new TreeMap<>();
    String scheme = tls.isPresent() ? "https" : "http";
    ports.forEach((name, port) -> addresses.put(name, scheme + "://127.0.0.1:" + port));
    return addresses;
  }

  public int port(String node) {
    return Objects.requireNonNull(ports.get(node), node);
  }

  private Process process(String node) {
    return Objects.requireNonNull(running.get(node), node);
  }

  /** An application's client. */
  public NodeApi api() {
    return new NodeApi(addresses(), KEY, tls);
  }

  /** Later starts of nodes take these options in place of the present ones. */
  public void options(String... later) {
    options = List.of(later);
  }

  public void startAll() {
    for (String name : ports.keySet()) {
      if (!running.containsKey(name)) {
        launch(name);
      }
    }
    running.keySet().forEach(this::awaitReady);
  }

  /** Starts a node that was killed. */
  public void start(String name) {
    launch(name);
    awaitReady(name);
  }

  private void launch(String name) {
    List<String> nodes = new ArrayList<>();
    addresses().forEach((node, address) -> nodes.add(node + "=" + address));
    List<String> command = new ArrayList<>(NodeProgram.command());
    command.addAll(List.of("--name", name, "--data", data(name).toString()));
    command.addAll(List.of("--listen", "127.0.0.1:" + port(name)));
    command.addAll(List.of("--nodes", String.join(",", nodes)));
    command.addAll(List.of("--api-key-file", folder.resolve("key").toString()));
    command.addAll(options);
    try {
      running.put(
          name,
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A node's folder. */
  public Path data(String name) {
    return folder.resolve(name);
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private void awaitReady(String name) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!api().isReady(name)) {
      if (!process(name).isAlive() || System.nanoTime() > end) {
        throw new AssertionError("node " + name + " did not start: " + logged(name));
      }
      pause();
    }
  }

  private String logged(String name) {
    try {
      return Files.readString(log(name));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(25);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** As {@code kill -9}. */
  public void kill(String name) {
    Process process = running.remove(name);
    if (process != null) {
      process.destroyForcibly();
      waitFor(process);
    }
  }

  private static void waitFor(Process process) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("process " + process.pid() + " does not die");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The node hangs, as under a debugger, until {@link #carryOn}. */
  public void hang(String name) {
    signal(name, "-STOP");
  }

  public void carryOn(String name) {
    signal(name, "-CONT");
  }

  private void signal(String name, String signal) {
    try {
      waitFor(new ProcessBuilder("kill", signal, String.valueOf(process(name).pid())).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills a node, and deletes all that it had; it is started by {@link #start(String)}. */
  public void wipe(String name) {
    kill(name);
    delete(data(name));
  }

  /** Deletes a folder with all that is in it, if it is there. */
  public static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::kill);
  }
}
