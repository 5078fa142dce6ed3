package dev.tidemark.local.cli;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Nearest;
import dev.tidemark.core.config.Reading;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.Redaction;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.engine.http.Tls;
import dev.tidemark.local.EnvFileSecretStore;
import dev.tidemark.local.JsonLog;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.app.Tidemark.ProgressListener;
import dev.tidemark.local.remote.RemoteTidemark;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One invocation: its environment and global options, and what they lead to once it is needed. */
final class Session implements AutoCloseable {
  final Environment environment;
  final Globals globals = new Globals();
  final Output output;
  private final Opening opening;
  private final ConfigurationReader reader;
  private final Redaction redaction = new Redaction();
  private @Nullable Reading reading;
  private @Nullable JsonLog log;
  private @Nullable Tidemark tidemark;

  Session(Environment environment, Opening opening, ConfigurationReader reader) {
    this.environment = environment;
    this.opening = opening;
    this.reader = reader;
    this.output = new Output(environment, globals);
  }

  /** The configuration file that holds; nothing where there is none. */
  Optional<Path> configurationFile() {
    if (globals.config != null) {
      return Optional.of(globals.config);
    }
    if (Files.exists(environment.folder().resolve("tidemark.yaml"))) {
      return Optional.of(Path.of("tidemark.yaml"));
    }
    return variable("TIDEMARK_CONFIG").map(Path::of);
  }

  /** What came of reading a configuration file. */
  Reading read(Path file) {
    return reader.read(file.toString(), environment.folder().resolve(file));
  }

  /** The configuration, which is empty where there is no file. */
  Configuration configuration() {
    if (reading == null) {
      reading =
          configurationFile()
              .map(this::read)
              .orElseGet(() -> new Reading("", Configuration.empty(), List.of(), List.of()));
    }
    return reading.orThrow();
  }

  /** Whether a server is asked, whose configuration is not known here. */
  boolean isRemote() {
    return globals.server != null;
  }

  /** A name that must be one of the configured ones. */
  String configured(String kind, String name, Function<Configuration, Set<String>> known) {
    if (isRemote()) {
      return requireName(kind, name);
    }
    Set<String> names = known.apply(configuration());
    if (names.contains(name)) {
      return name;
    }
    String nearest = Nearest.hint(name, names);
    throw PermanentFailure.of(Kind.NOT_FOUND, "%s '%s'".formatted(kind, name))
        .expected(names.isEmpty() ? "a configured " + kind : "one of " + String.join(", ", names))
        .found(names.isEmpty() ? noConfiguration() : "no " + kind + " of that name")
        .hint(nearest.isEmpty() ? "correct the name, or add it to the configuration" : nearest);
  }

  private static String requireName(String kind, String name) {
    if (!name.matches("[a-z0-9-]{1,40}")) {
      throw PermanentFailure.of(Kind.INVALID, "%s '%s'".formatted(kind, name))
          .expected("1 to 40 of a-z, 0-9 and -")
          .found("other characters");
    }
    return name;
  }

  /** For commands that only the machine of the state folder or the file can do. */
  void requireLocal(String command) {
    if (isRemote()) {
      throw PermanentFailure.of(Kind.INVALID, "command '" + command + "'")
          .expected("a command that a server works")
          .found("--server")
          .hint("leave --server out");
    }
  }

  /** Why nothing is configured, in words. */
  String noConfiguration() {
    return configurationFile()
        .map(file -> "none in " + file)
        .orElse("no configuration: neither --config, ./tidemark.yaml nor $TIDEMARK_CONFIG");
  }

  /** Prints what the configuration's values are used as. */
  void notices() {
    if (isRemote()) {
      return;
    }
    configuration();
    if (reading != null) {
      reading.notices().forEach(output::note);
    }
  }

  /** Opens the application; once per session. */
  Tidemark open() {
    if (tidemark == null && isRemote()) {
      tidemark = remote();
    }
    if (tidemark == null) {
      Configuration configuration = configuration();
      Path state = state(configuration);
      log = new JsonLog(state.resolve("log"), environment.clock(), redaction);
      tidemark = opening.open(configuration, state, log);
    }
    return tidemark;
  }

  private Tidemark remote() {
    URI server = Arguments.server(String.valueOf(globals.server));
    SecretStore secrets =
        redaction.watching(new EnvFileSecretStore(environment.variables(), environment.folder()));
    String token = globals.token == null ? null : secrets.resolve(globals.token);
    return new RemoteTidemark(server, token, authorities());
  }

  private @Nullable SSLContext authorities() {
    if (globals.serverCa == null) {
      return null;
    }
    Path file = environment.folder().resolve(globals.serverCa).normalize();
    try {
      return Tls.context("--server-ca " + file, Files.readString(file), null, null);
    } catch (IOException e) {
      throw PermanentFailure.of(Kind.INVALID, "--server-ca " + file)
          .expected("a file that can be read")
          .found(e.toString())
          .cause(e);
    }
  }

  /** Opens the application on another configuration than that of the command line. */
  Tidemark opened(Path file, Path state, JsonLog other) {
    return opening.open(reader.read(file.toString(), file).orThrow(), state, other);
  }

  /** Works a run to its end while it shows its progress, prints it, and gives the exit code. */
  int follow(RunView started) {
    RunView ended;
    Runnable uninterrupted =
        environment.interruption().during(() -> output.interrupted(started), ExitCode.CANCELED);
    try (var display = output.progress(title(started))) {
      ended = open().await(started.run(), display);
    } finally {
      uninterrupted.run();
    }
    output.run(ended);
    return ExitCode.of(ended.status());
  }

  /** Works a run that was asked to end; its being canceled is what was wanted. */
  int followToCancellation(RunView run) {
    return follow(run) == ExitCode.CANCELED ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** For work that is no run. */
  <T> T watched(String title, Function<ProgressListener, T> work) {
    try (var display = output.progress(title)) {
      return work.apply(display);
    }
  }

  /** Tells the log of a failure; answers the log's file, where there is one. */
  Optional<Path> logged(Throwable failure) {
    if (log == null) {
      return Optional.empty();
    }
    log.error("command.failed", null, null, failure);
    return log.failure() == null ? Optional.of(log.file()) : Optional.empty();
  }

  /** Tells the log how the command ended, where anything was opened. */
  void ended(String command, int exitCode) {
    if (log != null) {
      log.info("command.ended", Map.of("command", command, "exitCode", exitCode));
    }
  }

  String mask(String text) {
    return redaction.mask(text);
  }

  @Override
  public void close() {
    try {
      if (tidemark != null) {
        tidemark.close();
      }
    } finally {
      if (log != null) {
        log.close();
      }
    }
  }

  private Path state(Configuration configuration) {
    if (globals.state != null) {
      return environment.folder().resolve(globals.state).normalize();
    }
    Path configured = configuration.settings().state();
    if (configured != null) {
      return configured;
    }
    Optional<Path> states =
        variable("XDG_STATE_HOME")
            .map(Path::of)
            .filter(Path::isAbsolute)
            .or(() -> variable("HOME").map(home -> Path.of(home, ".local", "state")));
    return states
        .map(folder -> folder.resolve("tidemark"))
        .orElseThrow(
            () ->
                PermanentFailure.of(Kind.INVALID, "state folder")
                    .expected("--state, settings.state, $XDG_STATE_HOME or $HOME")
                    .found("none of them"));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.variables().get(name)).filter(value -> !value.isEmpty());
  }

  private static String title(RunView run) {
    return "%s (%s)".formatted(Words.title(run), run.cluster());
  }
}
