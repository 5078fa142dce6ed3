package dev.tidemark.contract.cloud;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that answers HTTP, until it is closed. */
final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * The path of a server's program.
   *
   * @param variable of the environment, that names it where it is not on the {@code PATH}
   */
  static Path program(String name, String variable) {
    Map<String, String> environment = System.getenv();
    String go = environment.getOrDefault("GOPATH", environment.getOrDefault("HOME", "") + "/go");
    String cache =
        environment.getOrDefault(
            "XDG_CACHE_HOME", environment.getOrDefault("HOME", "") + "/.cache");
    String path = environment.getOrDefault("PATH", "");
    Optional<Path> found =
        Stream.of(
                Stream.of(environment.getOrDefault(variable, "")).filter(each -> !each.isEmpty()),
                Stream.of(path.split(File.pathSeparator, -1)).map(folder -> folder + "/" + name),
                Stream.of(go + "/bin/" + name, cache + "/tidemark-servers/bin/" + name))
            .flatMap(each -> each)
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    return found.orElseThrow(
        () ->
            new AssertionError(
                "expected the server %s in $%s, on the PATH or in %s/bin, found none. Hint: run .ci/servers, which installs it"
                    .formatted(name, variable, go)));
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a server, and waits until it answers.
   *
   * @param folder of its log
   * @param ready what is answered once it is
   */
  static ServerProcess start(
      Path folder, List<String> command, Map<String, String> environment, URI ready) {
    try {
      Path log = Files.createDirectories(folder).resolve("server.log");
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().keySet().removeIf(name -> name.matches("(AWS|MINIO|MOTO)_.*"));
      builder.environment().putAll(environment);
      var server = new ServerProcess(builder.start(), log);
      server.await(ready);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(URI ready) throws IOException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try {
        if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (IOException e) {
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    close();
    throw new AssertionError("the server did not start:\n" + Files.readString(log));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
