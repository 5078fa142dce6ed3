package dev.tidemark.node.process;

import dev.tidemark.node.Api;
import dev.tidemark.node.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node as a process of its own, as {@code java -cp} starts it. */
final class NodeProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);

  private final Process process;
  private final Path output;

  private NodeProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** The options that every node needs, for a node of its own on a port. */
  static List<String> options(Path folder, String name, String nodes) throws IOException {
    Path key = Files.writeString(folder.resolve("key"), Api.KEY + "\n");
    String listen = nodes.replaceAll(".*" + name + "=https?://([^,]+).*", "$1");
    return new ArrayList<>(
        List.of(
            "--name=" + name,
            "--data=" + folder.resolve(name),
            "--listen=" + listen,
            "--nodes=" + nodes,
            "--api-key-file=" + key));
  }

  static NodeProcess start(Path folder, List<String> options) throws IOException {
    return start(folder, options, "");
  }

  /**
   * @param before what the shell does first, like {@code ulimit -f 100;}
   */
  static NodeProcess start(Path folder, List<String> options, String before) throws IOException {
    Path output = Files.createTempFile(folder, "node", ".log");
    var command = new ArrayList<String>();
    command.addAll(List.of("/bin/sh", "-c", before + " exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(options);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new NodeProcess(process, output);
  }

  NodeProcess awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!text().contains("ready ")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the node did not start: " + text());
      }
      Thread.sleep(20);
    }
    return this;
  }

  Api api() throws IOException {
    String line =
        text().lines().filter(each -> each.startsWith("ready ")).findFirst().orElseThrow();
    return new Api(URI.create(line.substring(line.lastIndexOf(' ') + 1)));
  }

  String text() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("the process goes on");
    }
    return process.exitValue();
  }

  /** As {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  /** As {@code kill -15}. */
  void terminate() throws InterruptedException {
    process.destroy();
    exitCode();
  }

  /** Kills it, and waits for its end: it writes into a folder that is to be deleted. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
