package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.aws.EventSourceMapping.Delivery;
import dev.tidemark.core.config.Options;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.store.s3.AwsClients;
import dev.tidemark.store.s3.S3BlobStore;
import dev.tidemark.store.s3.S3Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A deployment of the packaged zip, as Terraform makes it. */
final class DeployedZip implements AutoCloseable {
  private static final Path ZIP = Path.of("..", "aws", "target", "tidemark-aws-lambda.zip");
  private static final Duration DEADLINE = Duration.ofSeconds(12);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String TICK = "{\"tick\": true}";

  private final Path folder;
  private final Path unpacked;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Services services;
  private final Map<String, String> environment = new HashMap<>();
  private final String deadLetters;
  private final Map<Queue, String> queues;
  private @Nullable AwsPlatform operator;

  final LambdaFunction schedule;
  final LambdaFunction control;
  final LambdaFunction transfer;
  final LambdaFunction dead;

  /**
   * @param variables more of the functions' environment
   * @param configuration YAML, in which {@code %s} is the address of the vault's store
   */
  DeployedZip(Path folder, Map<String, String> variables, String configuration) throws IOException {
    this.folder = folder;
    this.unpacked = unpack(ZIP, folder.resolve("zip"));
    this.services = Services.start(folder.resolve("services"), "control", "vault");
    opened.push(services);
    this.deadLetters = services.queue(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "2"));
    this.queues = Map.of(Queue.CONTROL, queue(), Queue.TRANSFER, queue());
    environment.putAll(services.environment());
    environment.put("TIDEMARK_DEPLOYMENT", "tests");
    environment.put("TIDEMARK_TABLE", services.table());
    environment.put("TIDEMARK_CONTROL_QUEUE", queue(Queue.CONTROL));
    environment.put("TIDEMARK_TRANSFER_QUEUE", queue(Queue.TRANSFER));
    environment.put("TIDEMARK_CONTROL_BUCKET", "control");
    environment.put("TIDEMARK_CONFIGURATION", "tidemark.yaml");
    environment.put("TIDEMARK_STATE", folder.resolve("state").toString());
    environment.putAll(variables);
    byte[] yaml = configuration.formatted(s3()).getBytes(StandardCharsets.UTF_8);
    bucket("control").create("tidemark.yaml", List.of(ByteBuffer.wrap(yaml)));
    Vault.create(bucket("vault"), new SecureIds());
    this.schedule = function(ScheduleHandler.class);
    this.control = function(ControlHandler.class);
    this.transfer = function(TransferHandler.class);
    this.dead = function(DeadLetterHandler.class);
  }

  /** Long enough for any invocation, as it must be. */
  private String queue() {
    return services.queue(
        Map.of(
            QueueAttributeName.VISIBILITY_TIMEOUT,
            String.valueOf(DEADLINE.toSeconds()),
            QueueAttributeName.REDRIVE_POLICY,
            "{\"deadLetterTargetArn\": \"arn:aws:sqs:eu-central-1:000000000000:%s\", \"maxReceiveCount\": \"3\"}"
                .formatted(deadLetters.substring(deadLetters.lastIndexOf('/') + 1))));
  }

  private LambdaFunction function(Class<?> handler) {
    return function(unpacked, handler, Map.of());
  }

  /**
   * A further function, of another zip.
   *
   * @param zip unpacked
   * @param variables more of its environment; an empty one is none
   */
  LambdaFunction function(Path zip, Class<?> handler, Map<String, String> variables) {
    var all = new HashMap<>(environment);
    all.putAll(TransferOptions.variables(handler));
    all.putAll(variables);
    var function = new LambdaFunction(zip, handler, all, log(handler));
    opened.push(function);
    return function;
  }

  /** Starts to deliver messages. */
  EventSourceMapping map(LambdaFunction function, String queue, int batch, int concurrency) {
    return map(function, queue, batch, concurrency, DEADLINE, Delivery.ONE_IN_FOUR_TWICE);
  }

  /** The same, with another time for each invocation. */
  EventSourceMapping map(
      LambdaFunction function,
      String queue,
      int batch,
      int concurrency,
      Duration time,
      Delivery delivery) {
    var mapping =
        new EventSourceMapping(sqs(), queue, function, batch, concurrency, time, delivery);
    opened.push(mapping);
    return mapping;
  }

  /** Starts to deliver all messages, to several processes of each function. */
  void mapAll() {
    map(control, queue(Queue.CONTROL), 5, 2);
    map(dead, deadLetters, 10, 1);
    map(transfer, queue(Queue.TRANSFER), 1, 3);
  }

  String queue(Queue queue) {
    return queues.getOrDefault(queue, "");
  }

  String deadLetters() {
    return deadLetters;
  }

  SqsClient sqs() {
    return services.sqs();
  }

  private String s3() {
    return environment.getOrDefault("AWS_ENDPOINT_URL_S3", "");
  }

  /** Waits until the end of a run was told to whoever listens. */
  void awaitTold(RunView run) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!services.told(run, log(ControlHandler.class))) {
      assertThat(Instant.now()).as("nobody was told of the end of " + run.id()).isBefore(end);
      Thread.sleep(250);
    }
  }

  LambdaFunction.Outcome schedule(String event) {
    return schedule.invoke(event, DEADLINE);
  }

  /**
   * The run that a policy's schedule starts on a cluster, once, however often its event comes.
   *
   * @param slot the moment of the schedule
   */
  String scheduled(String policy, String cluster, Instant slot) {
    Set<String> before = runs(cluster);
    String event = "{\"policy\": \"%s\", \"time\": \"%s\"}".formatted(policy, slot);
    assertThat(schedule(event)).isInstanceOf(LambdaFunction.Outcome.Answer.class);
    assertThat(schedule(event)).as("again").isInstanceOf(LambdaFunction.Outcome.Answer.class);
    Set<String> started = runs(cluster);
    started.removeAll(before);
    assertThat(started).hasSize(1);
    return started.iterator().next();
  }

  private Set<String> runs(String cluster) {
    return operator().register().runs(cluster).stream()
        .map(RunView::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Lets minutes pass in seconds until a run has ended. */
  RunView worked(String run, Kills kills) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    Instant tick = Instant.now();
    while (Instant.now().isBefore(end)) {
      RunView view = operator().register().run(run).orElseThrow();
      if (view.status().terminal()) {
        return view;
      }
      if (!Instant.now().isBefore(tick)) {
        schedule(TICK);
        tick = Instant.now().plusSeconds(1);
      }
      kills.maybeOne();
      Thread.sleep(250);
    }
    throw new AssertionError(
        "%s is not over after %s; its functions said last:%n%s"
            .formatted(operator().register().run(run).orElseThrow(), PATIENCE, lastLines()));
  }

  private String lastLines() {
    return Stream.of(ControlHandler.class, TransferHandler.class, DeadLetterHandler.class)
        .map(this::log)
        .filter(Files::exists)
        .flatMap(file -> tail(file).stream())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<String> tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.subList(Math.max(0, lines.size() - 15), lines.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An operator's own view of the deployment, in this process. */
  synchronized AwsPlatform operator() {
    if (operator == null) {
      operator = new AwsPlatform(environment);
    }
    return operator;
  }

  /** Where a function's processes write. */
  Path log(Class<?> handler) {
    return folder.resolve(handler.getSimpleName() + ".log");
  }

  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  S3BlobStore bucket(String name) {
    return S3BlobStore.open(
        S3Config.of(
            Options.parse(
                "{\"bucket\":\"%s\",\"prefix\":\"\",\"endpoint\":\"%s\"}".formatted(name, s3()))),
        AwsClients.of(environment),
        reference -> reference,
        InstantSource.system());
  }

  /** What is in the zip. */
  Path unpacked() {
    return unpacked;
  }

  /** Unpacks a zip as Lambda does. */
  static Path unpack(Path from, Path into) throws IOException {
    try (InputStream file = Files.newInputStream(from);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = into.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
    return into;
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
