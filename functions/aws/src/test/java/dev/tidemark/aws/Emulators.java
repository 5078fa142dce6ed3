package dev.tidemark.aws;

import dev.tidemark.store.s3.AwsClients;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** DynamoDB and SQS for all tests of this JVM, in a process that ends with it. */
final class Emulators {
  private static final Path MODULE = Path.of("..", "..", "integration", "emulators", "target");
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static @Nullable Emulators running;

  private final Process process;
  private final BufferedReader out;
  private final Map<String, String> addresses = new HashMap<>();

  private Emulators() throws IOException {
    this.process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                MODULE.resolve("classes") + ":" + MODULE.resolve("lib") + "/*",
                "dev.tidemark.emulator.Main")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = line(); !line.equals("ready"); line = line()) {
      addresses.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  static synchronized Emulators started() {
    try {
      if (running == null) {
        running = new Emulators();
      }
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What tells a process of ours where they are. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_REGION", "eu-central-1",
        "AWS_ACCESS_KEY_ID", "tests",
        "AWS_SECRET_ACCESS_KEY", "tests",
        "AWS_ENDPOINT_URL_DYNAMODB", address("dynamodb"),
        "AWS_ENDPOINT_URL_SQS", address("sqs"));
  }

  private String address(String service) {
    return Objects.requireNonNull(addresses.get(service), service);
  }

  AwsClients clients() {
    return AwsClients.of(environment());
  }

  DynamoDbClient dynamoDb() {
    return dynamoDb(new Wire());
  }

  /** A client whose requests go through a wire of the test's. */
  DynamoDbClient dynamoDb(Wire wire) {
    DynamoDbClientBuilder builder =
        AwsServices.quick(clients().configured(DynamoDbClient.builder()));
    return builder
        .overrideConfiguration(
            builder.overrideConfiguration().toBuilder().addExecutionInterceptor(wire).build())
        .httpClient(wire.through(clients().http()))
        .endpointOverride(URI.create(address("dynamodb")))
        .build();
  }

  SqsClient sqs() {
    return AwsServices.sqs(clients(), URI.create(address("sqs")));
  }

  /** A new table, as Terraform makes it. */
  String table() {
    String name = "table-" + NAMES.incrementAndGet();
    try (DynamoDbClient client = dynamoDb()) {
      client.createTable(
          table ->
              table
                  .tableName(name)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .attributeDefinitions(attribute("pk"), attribute("sk"))
                  .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)));
    }
    return name;
  }

  private static AttributeDefinition attribute(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  /**
   * A new queue.
   *
   * @param attributes of SQS, as Terraform sets them
   * @return its URL
   */
  String queue(Map<QueueAttributeName, String> attributes) {
    String name = "queue-" + NAMES.incrementAndGet();
    try (SqsClient client = sqs()) {
      return client.createQueue(queue -> queue.queueName(name).attributes(attributes)).queueUrl();
    }
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
