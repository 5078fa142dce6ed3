package dev.tidemark.contract.node;

import dev.tidemark.contract.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program of a node, as this class path has it. The first use keeps an archive of its classes,
 * which takes most of the time of a start away: tests start nodes by the dozen.
 */
final class NodeProgram {
  private static final long PATIENCE_SECONDS = 60;
  private static final List<String> OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

  /**
   * Without the module under test, what keeps others of it from logging, and the API of hosts,
   * whose beans the node's server would take for its own.
   */
  private static final List<String> CLASS_PATH =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
          .filter(entry -> !entry.contains("slf4j-nop"))
          .filter(entry -> !entry.contains("tidemark-api"))
          .filter(entry -> entry.endsWith(".jar"))
          .toList();

  private static final List<String> COMMAND = withArchive();

  private NodeProgram() {}

  /** To be followed by the node's own options. */
  static List<String> command() {
    return COMMAND;
  }

  private static List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", String.join(File.pathSeparator, CLASS_PATH)));
    command.add("dev.tidemark.node.Main");
    return command;
  }

  private static List<String> withArchive() {
    Path archive = Path.of("target", "node-classes.jsa").toAbsolutePath();
    try {
      Files.deleteIfExists(archive);
      trial(archive);
      return java("-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-Xlog:all=error:stderr");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A node that answers once, and writes at its end which classes that took. */
  private static void trial(Path archive) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(archive.getParent(), "node");
    Path log = folder.resolve("log");
    Path key = Files.writeString(folder.resolve("key"), NodeCluster.KEY);
    int port = FreePorts.any();
    String url = "http://127.0.0.1:" + port;
    List<String> command = new ArrayList<>(java("-XX:ArchiveClassesAtExit=" + archive));
    command.addAll(List.of("--name", "n", "--data", folder.resolve("data").toString()));
    command.addAll(List.of("--listen", "127.0.0.1:" + port, "--nodes", "n=" + url));
    command.addAll(List.of("--api-key-file", key.toString()));
    Process node =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!Files.readString(log).contains("ready n ")) {
        if (!node.isAlive() || System.nanoTime() > end) {
          throw new AssertionError("a node did not start: " + Files.readString(log));
        }
        TimeUnit.MILLISECONDS.sleep(25);
      }
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(url + "/v1/schema"))
                  .header("Authorization", "Bearer " + NodeCluster.KEY)
                  .build(),
              HttpResponse.BodyHandlers.discarding());
    } finally {
      node.destroy();
      if (!node.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        node.destroyForcibly();
      }
    }
  }
}
