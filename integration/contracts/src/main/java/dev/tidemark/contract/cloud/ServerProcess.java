package dev.tidemark.contract.cloud;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that answers HTTP, until it is closed. */
final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * The path of a server's program: as a variable of the environment names it, else on the {@code
   * PATH}, where Go installs, or where {@code .ci/servers} does.
   */
  static Path program(String name, String variable) {
    return found(
        name,
        variable,
        Stream.concat(
            Stream.of(variable("PATH", "").split(File.pathSeparator, -1)),
            Stream.of(
                variable("GOPATH", variable("HOME", "") + "/go") + "/bin", installed() + "/bin")));
  }

  /** The path of a server's file that is no program, likewise. */
  static Path file(String name, String variable) {
    return found(name, variable, Stream.of(installed()));
  }

  private static Path found(String name, String variable, Stream<String> folders) {
    Stream<String> named = Stream.of(variable(variable, "")).filter(each -> !each.isEmpty());
    return Stream.concat(named, folders.map(folder -> folder + "/" + name))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "expected %s on the PATH, in %s or named by $%s, found none. Hint: run"
                            .formatted(name, installed(), variable)
                        + " .ci/servers, which installs it"));
  }

  private static String installed() {
    String cache = variable("XDG_CACHE_HOME", variable("HOME", "") + "/.cache");
    return variable("TIDEMARK_SERVERS", cache + "/tidemark-servers");
  }

  private static String variable(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /**
   * Starts a server, and waits until it answers.
   *
   * @param folder of its log
   * @param ready what is answered once it is
   */
  static ServerProcess start(
      Path folder, List<String> command, Map<String, String> environment, URI ready) {
    ServerProcess server = launch(folder, command, environment);
    server.await(ready);
    return server;
  }

  /** Starts a server that is not ready before others are. */
  static ServerProcess launch(Path folder, List<String> command, Map<String, String> environment) {
    try {
      Path log = Files.createDirectories(folder).resolve("server.log");
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().keySet().removeIf(name -> name.matches("(AWS|MINIO|MOTO)_.*"));
      builder.environment().putAll(environment);
      return new ServerProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until an address answers 200. */
  void await(URI ready) {
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
    throw new AssertionError("the server did not start:\n" + log());
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** Ends it at once, as a loss of power would. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks it to end, and waits until it has. */
  void end() {
    process.destroy();
    try {
      if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("the server did not end:\n" + log());
  }

  long pid() {
    return process.pid();
  }

  /** Sends it a signal by its name, like {@code STOP}. */
  void signal(String name) {
    try {
      var sent = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      if (sent.waitFor() != 0) {
        throw new AssertionError("could not send " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
        // Else it would go on writing into a folder that is being deleted.
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
