package dev.tidemark.aws;

import dev.tidemark.aws.EventSourceMapping.Delivery;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.events.WorkItem.Queue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The packaged zip with the sizes that Terraform's module gives its functions, time for an
 * invocation as on Lambda, and a tap on its wire.
 */
final class BenchDeployment implements AutoCloseable {
  static final int CONTROL_MIB = 1024;
  static final int TRANSFER_MIB = 1769;
  static final int API_MIB = 1769;

  private static final String FILE = "tapped.yaml";
  private static final Duration TICK = Duration.ofSeconds(20);
  private static final Duration INVOCATION = Duration.ofMinutes(14);

  private final Path folder;
  private final DeployedZip zip;
  private final WireTap tap;
  private final Map<String, String> environment = new HashMap<>();
  private final List<LambdaFunction> functions = new ArrayList<>();

  /** A slot is a minute's. */
  private Instant slot = Instant.parse("2026-11-21T03:00:00Z");

  /**
   * @param configuration YAML, in which {@code %s} is the address of the vault's store
   */
  BenchDeployment(Path folder, String configuration) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.zip = new DeployedZip(folder, Map.of(), configuration);
    this.tap = new WireTap(zip.environment());
    environment.putAll(tap.environment());
    for (Queue queue : Queue.values()) {
      environment.put("TIDEMARK_" + queue + "_QUEUE", queue());
    }
    environment.put("TIDEMARK_CONFIGURATION", FILE);
    String tapped = configuration.formatted(environment.get("AWS_ENDPOINT_URL_S3"));
    zip.bucket("control")
        .create(FILE, List.of(ByteBuffer.wrap(tapped.getBytes(StandardCharsets.UTF_8))));
  }

  private static String queue() {
    return Emulators.started()
        .queue(
            Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                String.valueOf(INVOCATION.plusMinutes(1).toSeconds())));
  }

  /**
   * What Lambda's java21 sets; 85 % of the memory for the heap are ours to assume, and that a JVM
   * sees no more memory than its function has.
   */
  static List<String> options(int memoryMib) {
    return List.of(
        "-XX:+TieredCompilation",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:MaxRAM=" + memoryMib + "m",
        "-Xmx" + memoryMib * 85 / 100 + "m");
  }

  /** A function that nobody has started yet. */
  LambdaFunction function(Class<?> handler, int memoryMib, Map<String, String> more) {
    return function(zip.unpacked(), handler, memoryMib, more);
  }

  /**
   * The same of another zip.
   *
   * @param unpacked its folder
   */
  LambdaFunction function(
      Path unpacked, Class<?> handler, int memoryMib, Map<String, String> more) {
    var variables = new HashMap<>(environment);
    variables.putAll(TransferOptions.variables(handler));
    variables.putAll(more);
    return new LambdaFunction(
        unpacked,
        handler,
        variables,
        folder.resolve(handler.getSimpleName() + ".bench.log"),
        options(memoryMib));
  }

  /** A function of the bare handlers, on the same jar. */
  LambdaFunction bare(Class<?> handler, int memoryMib, Map<String, String> more) {
    try {
      Path bare = folder.resolve("bare");
      Path classes = Files.createDirectories(bare.resolve("dev/tidemark/aws"));
      if (!Files.exists(bare.resolve("lib"))) {
        Files.createSymbolicLink(bare.resolve("lib"), zip.unpacked().resolve("lib").toRealPath());
        try (Stream<Path> all = Files.list(Path.of("target/test-classes/dev/tidemark/aws"))) {
          for (Path each : (Iterable<Path>) all::iterator) {
            if (each.getFileName().toString().startsWith("BareHandler")) {
              Files.copy(each, classes.resolve(each.getFileName()));
            }
          }
        }
      }
      var variables = new HashMap<>(environment);
      variables.putAll(more);
      Path log = folder.resolve("bare.log");
      return new LambdaFunction(bare, handler, variables, log, options(memoryMib));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The variables of the functions as they are without the tap. */
  Map<String, String> untapped() {
    Map<String, String> real = new HashMap<>(zip.environment());
    real.keySet().removeIf(name -> !name.startsWith("AWS_ENDPOINT_URL"));
    return real;
  }

  WireTap tap() {
    return tap;
  }

  /** Starts the functions; what they take from their queues is theirs. */
  LambdaFunction start() {
    LambdaFunction control = started(function(ControlHandler.class, CONTROL_MIB, Map.of()));
    LambdaFunction transfer = started(function(TransferHandler.class, TRANSFER_MIB, Map.of()));
    String controls = environment.getOrDefault("TIDEMARK_CONTROL_QUEUE", "");
    String transfers = environment.getOrDefault("TIDEMARK_TRANSFER_QUEUE", "");
    zip.map(control, controls, 5, 1, INVOCATION, Delivery.ONCE);
    zip.map(transfer, transfers, 1, 1, INVOCATION, Delivery.ONCE);
    return transfer;
  }

  private LambdaFunction started(LambdaFunction function) {
    functions.add(function);
    return function;
  }

  /**
   * A backup that a schedule starts, from its event to its end. The event passes the tap; the
   * minutes' ticks, which are not the run's own, do not.
   *
   * @param policy of one cluster, of the same name
   */
  RunView backUp(String policy) throws InterruptedException {
    var operator = new AwsPlatform(zip.environment());
    slot = slot.plus(Duration.ofMinutes(1));
    Set<String> before = ids(operator, policy);
    String event = "{\"policy\": \"%s\", \"time\": \"%s\"}".formatted(policy, slot);
    try (LambdaFunction schedule = function(ScheduleHandler.class, CONTROL_MIB, Map.of());
        LambdaFunction ticks = function(ScheduleHandler.class, CONTROL_MIB, untapped())) {
      schedule.invoke(event, INVOCATION);
      Set<String> runs = ids(operator, policy);
      runs.removeAll(before);
      String run = runs.iterator().next();
      Instant tick = Instant.now().plus(TICK);
      while (true) {
        RunView view = operator.register().run(run).orElseThrow();
        if (view.status().terminal() && view.status() != Status.SUCCESS) {
          throw new IllegalStateException(view.status() + ": " + view.error());
        }
        if (view.status().terminal() && !operator.register().owes(run)) {
          return view;
        }
        if (Instant.now().isAfter(tick)) {
          ticks.invoke("{\"tick\": true}", INVOCATION);
          tick = Instant.now().plus(TICK);
        }
        Thread.sleep(200);
      }
    }
  }

  private static Set<String> ids(AwsPlatform operator, String cluster) {
    return operator.register().runs(cluster).stream()
        .map(RunView::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Override
  public void close() {
    zip.close();
    functions.forEach(LambdaFunction::close);
    tap.close();
  }
}
