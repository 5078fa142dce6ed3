package dev.tidemark.aws;

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
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A deployment of the packaged zip, as Terraform makes it. */
final class DeployedZip implements AutoCloseable {
  private static final Path ZIP = Path.of("target", "tidemark-aws-lambda.zip");
  private static final Duration DEADLINE = Duration.ofSeconds(12);

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
    this.unpacked = unpack(folder.resolve("zip"));
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
    var function = new LambdaFunction(unpacked, handler, environment, log(handler));
    opened.push(function);
    return function;
  }

  /** Starts to deliver messages. */
  EventSourceMapping map(LambdaFunction function, String queue, int batch, int concurrency) {
    return map(function, queue, batch, concurrency, DEADLINE);
  }

  /** The same, with another time for each invocation. */
  EventSourceMapping map(
      LambdaFunction function, String queue, int batch, int concurrency, Duration time) {
    var mapping = new EventSourceMapping(sqs(), queue, function, batch, concurrency, time);
    opened.push(mapping);
    return mapping;
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

  /** Whether the end of a run was told to whoever listens. */
  boolean told(RunView run) throws IOException {
    return services.told(run, log(ControlHandler.class));
  }

  LambdaFunction.Outcome schedule(String event) {
    return schedule.invoke(event, DEADLINE);
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

  private static Path unpack(Path into) throws IOException {
    try (InputStream file = Files.newInputStream(ZIP);
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
