package dev.tidemark.journey.cli;

import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.local.LocalTidemark;
import dev.tidemark.local.cli.Cli;
import dev.tidemark.local.cli.Environment;
import dev.tidemark.local.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder in which a person works: a configuration with the cluster {@code files} (root {@code
 * data}) and the vault {@code main}, a state folder, and the command line.
 */
final class Workbench {
  private final Path folder;
  private final AtomicInteger commands = new AtomicInteger();
  private final Map<String, String> environment = new TreeMap<>();
  private @Nullable Launch launch;

  private Workbench(Path folder) {
    this.folder = folder;
  }

  /** With a vault that is made already, and no data. */
  static Workbench with(Path folder, String... settings) {
    Workbench bench = bare(folder, settings);
    bench.run("vault", "create", "main").done();
    return bench;
  }

  /** Without a vault. */
  static Workbench bare(Path folder, String... settings) {
    var bench = new Workbench(folder);
    bench.configure("", settings);
    try {
      Files.createDirectories(bench.data());
      Files.createDirectories(folder.resolve("printed"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bench;
  }

  /**
   * A line below {@code clusters:}, for a server of one node.
   *
   * @param natives the folder of its native backups, beside the configuration
   * @param more keys in flow style, each with a comma before
   */
  static String weaviate(String name, WeaviateCluster server, String natives, String more) {
    return """
          %s: { engine: weaviate, vault: main, endpoints: ['%s'], backend: filesystem, staging: { store: filesystem, path: %s }%s }
        """
        .formatted(name, server.node(0).address(), natives, more);
  }

  /**
   * Writes the configuration anew.
   *
   * @param cluster more keys of the cluster, in flow style with a comma before
   * @param settings {@code key: value}
   */
  void configure(String cluster, String... settings) {
    String all =
        Stream.concat(Stream.of("state: state"), Stream.of(settings))
            .reduce((a, b) -> a + ", " + b)
            .orElseThrow();
    write(
        folder.resolve("tidemark.yaml"),
        """
        settings: { %s }
        vaults: { main: { path: vault } }
        clusters:
          files: { engine: directory, vault: main, roots: [ { name: data, path: data } ]%s }
        """
            .formatted(all, cluster));
  }

  Path folder() {
    return folder;
  }

  Path data() {
    return folder.resolve("data");
  }

  Path vault() {
    return folder.resolve("vault");
  }

  Path state() {
    return folder.resolve("state");
  }

  Path restored(String name) {
    return folder.resolve(name);
  }

  /** Runs later commands in a process of their own, started so. */
  Workbench launching(Launch how) {
    launch = how;
    return this;
  }

  /** Gives later commands a variable. */
  void variable(String name, String value) {
    environment.put(name, value);
  }

  /**
   * Runs a command to its end: in this process, for starting is what takes the time of most, unless
   * it was said how to start them, or what variables to give them.
   */
  Answer run(String... arguments) {
    if (launch == null && environment.isEmpty()) {
      return here(arguments);
    }
    try (Running running = start(arguments)) {
      return running.answer();
    }
  }

  private Answer here(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var surroundings =
        new Environment(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            variables(System.getenv()),
            folder.toAbsolutePath(),
            Clock.systemUTC(),
            ZoneId.systemDefault(),
            0,
            (goodbye, exitCode) -> () -> {});
    int exitCode = new Cli(surroundings, LocalTidemark::open, Main.reader()).run(arguments);
    return new Answer(
        List.of(arguments),
        exitCode,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  private Map<String, String> variables(Map<String, String> inherited) {
    Map<String, String> variables = new TreeMap<>(inherited);
    variables.keySet().removeIf(name -> name.startsWith("TIDEMARK") || name.startsWith("XDG"));
    variables.remove("JAVA_TOOL_OPTIONS");
    variables.put("HOME", folder.toString());
    return variables;
  }

  /** Starts a command in a process of its own. */
  Running start(String... arguments) {
    return start(launch == null ? Launch.QUICK : launch, arguments);
  }

  Running start(Launch how, String... arguments) {
    int number = commands.incrementAndGet();
    Path out = folder.resolve("printed").resolve(number + ".out");
    Path err = folder.resolve("printed").resolve(number + ".err");
    var builder = new ProcessBuilder(how.command(arguments)).directory(folder.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Map<String, String> variables = variables(builder.environment());
    builder.environment().clear();
    builder.environment().putAll(variables);
    builder.environment().putAll(environment);
    try {
      return new Running(List.of(arguments), builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every object of the vault with its size, drafts too. */
  Map<String, Long> vaultListing() {
    return listing(vault());
  }

  static Map<String, Long> listing(Path root) {
    Map<String, Long> sizes = new TreeMap<>();
    if (!Files.exists(root)) {
      return sizes;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        sizes.put(root.relativize(file).toString(), Files.size(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sizes;
  }

  /** What the processes on the state folder have logged. */
  String log() {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(state().resolve("log"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        text.append(Files.readString(file));
      }
    } catch (IOException e) {
      return "";
    }
    return text.toString();
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
