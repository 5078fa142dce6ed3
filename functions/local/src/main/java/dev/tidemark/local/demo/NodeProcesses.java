package dev.tidemark.local.demo;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Storage nodes as processes of their own, on free ports of the loopback interface. */
final class NodeProcesses implements AutoCloseable {
  private static final Duration STARTING = Duration.ofMinutes(2);
  private static final int DELETIONS = 20;
  private static final Duration STOPPING = Duration.ofSeconds(10);

  private final Path folder;
  private final Path key;
  private final String classPath;
  private final Map<String, Integer> ports = new TreeMap<>();
  private final Map<String, Process> running = new TreeMap<>();

  /**
   * @param key a file with the nodes' API key
   * @param classPath of the node's program
   */
  NodeProcesses(Path folder, Path key, String classPath, List<String> names) {
    this.folder = folder;
    this.key = key;
    this.classPath = classPath;
    while (ports.size() < names.size()) {
      int port = freePort();
      // Nobody listens yet: two by chance may be the same.
      if (!ports.containsValue(port)) {
        ports.put(names.get(ports.size()), port);
      }
    }
  }

  /** Below the ports of outgoing connections, which could take it while its node is down. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_768);
      if (isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, String> addresses() {
    Map<String, String> addresses = new TreeMap<>();
    ports.forEach((name, port) -> addresses.put(name, "http://127.0.0.1:" + port));
    return addresses;
  }

  List<Long> pids() {
    return running.values().stream().map(Process::pid).toList();
  }

  /** Starts every node, and waits until all are ready. */
  void start() {
    List<String> all = new ArrayList<>();
    addresses().forEach((name, address) -> all.add(name + "=" + address));
    ports.forEach((name, port) -> running.put(name, start(name, port, String.join(",", all))));
    running.forEach(this::awaitReady);
  }

  private Process start(String name, int port, String nodes) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            "dev.tidemark.node.Main",
            "--name",
            name,
            "--data",
            data(name).toString(),
            "--listen",
            "127.0.0.1:" + port,
            "--nodes",
            nodes,
            "--api-key-file",
            key.toString());
    try {
      return new ProcessBuilder(command)
          .redirectInput(Path.of("/dev/null").toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path data(String name) {
    return folder.resolve("nodes").resolve(name);
  }

  private Path log(String name) throws IOException {
    return Files.createDirectories(folder.resolve("nodes")).resolve(name + ".log");
  }

  private void awaitReady(String name, Process process) {
    var node = new NodeClient(Map.of(name, addresses().get(name)), "");
    long end = System.nanoTime() + STARTING.toNanos();
    while (!node.isReady(name)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw PermanentFailure.of(Kind.FAILED, "node " + name)
            .expected("a node that is ready within " + STARTING.toSeconds() + " s")
            .found(process.isAlive() ? "it is not" : "it ended with code " + process.exitValue())
            .hint("look at " + folder.resolve("nodes").resolve(name + ".log"));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Kills every node, and deletes all that it had. */
  void wipe() {
    close();
    ports.keySet().forEach(name -> delete(data(name)));
  }

  /** Also while somebody who is about to be stopped still writes there. */
  static void delete(Path folder) {
    for (int left = DELETIONS; Files.exists(folder); left--) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      } catch (IOException | UncheckedIOException e) {
        if (left == 0) {
          throw new IllegalStateException("cannot delete " + folder, e);
        }
        pause();
      }
    }
  }

  @Override
  public void close() {
    running.values().forEach(Process::destroyForcibly);
    for (Process process : running.values()) {
      try {
        process.waitFor(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    running.clear();
  }
}
