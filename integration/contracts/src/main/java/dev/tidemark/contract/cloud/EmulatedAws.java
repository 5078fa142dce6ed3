package dev.tidemark.contract.cloud;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB Local and ElasticMQ, which speak as DynamoDB and SQS do, from memory: one process for
 * all tests of this JVM, which ends with it. Any credentials will do. The module of the test
 * depends on {@code tidemark-emulators}, so that it is there.
 */
public final class EmulatedAws {
  private static final Path MODULE = Path.of("..", "..", "integration", "emulators", "target");
  private static @Nullable EmulatedAws running;

  private final Process process;
  private final BufferedReader out;
  private final Map<String, URI> addresses = new HashMap<>();

  private EmulatedAws() throws IOException {
    // They leave native libraries there.
    Path scratch = Files.createDirectories(MODULE.resolve("tmp").toAbsolutePath());
    this.process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + scratch,
                "-cp",
                MODULE.resolve("classes") + ":" + MODULE.resolve("lib") + "/*",
                "dev.tidemark.emulator.Main")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = line(); !line.equals("ready"); line = line()) {
      int space = line.indexOf(' ');
      addresses.put(line.substring(0, space), URI.create(line.substring(space + 1)));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** The process, started by whoever asks first. */
  public static synchronized EmulatedAws started() {
    try {
      if (running == null) {
        running = new EmulatedAws();
      }
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Like {@code http://127.0.0.1:8000}. */
  public URI dynamoDb() {
    return address("dynamodb");
  }

  /** Like {@code http://127.0.0.1:9324}. */
  public URI sqs() {
    return address("sqs");
  }

  private URI address(String service) {
    return Objects.requireNonNull(addresses.get(service), service);
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the emulators have ended: " + ended());
    }
    return line;
  }

  private String ended() {
    try {
      return process.waitFor(5, TimeUnit.SECONDS) ? "code " + process.exitValue() : "no code";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
