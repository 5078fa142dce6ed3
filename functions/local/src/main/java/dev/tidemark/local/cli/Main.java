package dev.tidemark.local.cli;

import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Schema;
import dev.tidemark.engine.Engines;
import dev.tidemark.local.LocalTidemark;
import dev.tidemark.store.s3.S3Config;
import dev.tidemark.store.s3.SecretsManagerSecretStore;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The process {@code tidemark}: where time, environment and randomness enter. */
public final class Main {
  private static final Set<String> SECRET_SCHEMES =
      Set.of("env", "file", SecretsManagerSecretStore.SCHEME);

  private Main() {}

  public static void main(String[] arguments) {
    // What others read, as numbers in requests and answers, is the same on every machine.
    Locale.setDefault(Locale.ROOT);
    var cli = new Cli(environment(), LocalTidemark::open, reader());
    System.exit(cli.run(arguments));
  }

  /** Reads configurations of all engines and stores that this host has. */
  public static ConfigurationReader reader() {
    Map<String, Schema> stores =
        Map.of(
            "filesystem", Schema.of(Schema.required("path", Field.path())), "s3", S3Config.SCHEMA);
    return new ConfigurationReader(Engines.schemas(stores), stores, SECRET_SCHEMES);
  }

  private static Environment environment() {
    return new Environment(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        Path.of("").toAbsolutePath(),
        Clock.systemUTC(),
        ZoneId.systemDefault(),
        // The start script knows whether the standard error is a terminal; the JVM does not.
        Integer.getInteger("tidemark.columns", 0),
        Main::during);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    var out = new BufferedOutputStream(new FileOutputStream(descriptor), 16 << 10);
    return new PrintStream(out, descriptor == FileDescriptor.err, StandardCharsets.UTF_8);
  }

  /**
   * The state survives the death of the process at any moment, so nothing needs to be shut down in
   * order; and the JVM would end with its own code.
   */
  private static Runnable during(Runnable goodbye, int exitCode) {
    var ended = new AtomicBoolean();
    var hook =
        new Thread(
            () -> {
              if (!ended.get()) {
                goodbye.run();
                Runtime.getRuntime().halt(exitCode);
              }
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return () -> {
      ended.set(true);
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending: the hook runs, and finds that there is nothing to say.
      }
    };
  }
}
