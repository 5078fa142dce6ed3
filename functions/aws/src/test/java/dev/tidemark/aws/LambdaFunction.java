package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A function as Lambda has it: the packaged zip, run by AWS's own runtime client in processes that
 * are started when all others are busy, each for one invocation at a time. A process that dies is
 * replaced with the next invocation.
 */
final class LambdaFunction implements AutoCloseable {
  /** What a runtime has beside the function's own zip. */
  private static final List<String> RUNTIME =
      List.of(
          "aws-lambda-java-runtime-interface-client",
          "aws-lambda-java-serialization",
          "aws-lambda-java-core",
          "utils-lite");

  /**
   * Where the runtime client finds its native part. Without it every process unpacks the part to
   * one and the same file of {@code /tmp}, and one that has it loaded dies of a bus error.
   */
  private static final String NATIVE_CLIENT =
      "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=";

  private final Path zip;
  private final Path nativeClient;
  private final String handler;
  private final Map<String, String> environment;
  private final Path log;
  private final List<String> options;
  private final BlockingQueue<RuntimeApi> idle = new LinkedBlockingQueue<>();
  private final List<RuntimeApi> all = new ArrayList<>();

  /**
   * @param zip the folder in which the zip was unpacked
   * @param handler its class
   * @param log where its processes write
   */
  LambdaFunction(Path zip, Class<?> handler, Map<String, String> environment, Path log) {
    this(
        zip,
        handler,
        environment,
        log,
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx400m"));
  }

  /** The same with other options of its JVM. */
  LambdaFunction(
      Path zip, Class<?> handler, Map<String, String> environment, Path log, List<String> options) {
    this.zip = zip;
    this.nativeClient = nativeClientBeside(zip);
    this.handler = handler.getName() + "::handleRequest";
    this.environment = Map.copyOf(environment);
    this.log = log;
    this.options = List.copyOf(options);
  }

  /** What became of an invocation. */
  sealed interface Outcome {
    record Answer(String json) implements Outcome {}

    /** The handler threw, or could not be made. */
    record Failed(String error) implements Outcome {}

    /** The process ended, or was killed. */
    record Died() implements Outcome {}
  }

  Outcome invoke(String event, Duration deadline) {
    RuntimeApi api = Optional.ofNullable(idle.poll()).orElseGet(this::started);
    Outcome outcome = api.invoke(event, deadline);
    if (outcome instanceof Outcome.Answer || api.isAlive()) {
      idle.add(api);
    }
    return outcome;
  }

  /** Kills a process in the middle of what it does, if one is busy. */
  synchronized boolean killOne(int choice) {
    List<RuntimeApi> busy = all.stream().filter(RuntimeApi::isBusy).toList();
    if (busy.isEmpty()) {
      return false;
    }
    busy.get(Math.floorMod(choice, busy.size())).kill();
    return true;
  }

  /** Those that live. */
  synchronized List<Long> processes() {
    return all.stream().filter(RuntimeApi::isAlive).map(RuntimeApi::pid).toList();
  }

  private synchronized RuntimeApi started() {
    RuntimeApi api = RuntimeApi.start(this::process);
    all.add(api);
    return api;
  }

  private static Path nativeClientBeside(Path zip) {
    String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    String name = "libaws-lambda-jni.linux-" + machine + ".so";
    try (InputStream part =
        Objects.requireNonNull(AWSLambda.class.getResourceAsStream("/jni/" + name), name)) {
      Path file = zip.resolveSibling(name);
      if (!Files.exists(file)) {
        Files.copy(part, file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process process(String api) {
    String classPath =
        Stream.concat(
                Stream.of(zip.toString(), zip.resolve("lib") + "/*"),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .filter(jar -> RUNTIME.stream().anyMatch(jar::contains)))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(TransferOptions.of(environment));
    command.add(NATIVE_CLIENT + nativeClient);
    // Newer JVMs would write a warning of that part among the function's lines.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", classPath));
    command.add(AWSLambda.class.getName());
    command.add(handler);
    var builder = new ProcessBuilder(command);
    var variables = new HashMap<>(environment);
    variables.remove(TransferOptions.VARIABLE);
    variables.put("AWS_LAMBDA_RUNTIME_API", api);
    variables.put("_HANDLER", handler);
    variables.put("LAMBDA_TASK_ROOT", zip.toString());
    variables.put("AWS_LAMBDA_FUNCTION_NAME", handler);
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
    builder.environment().clear();
    builder.environment().putAll(variables);
    try {
      return builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    all.forEach(RuntimeApi::close);
  }
}
