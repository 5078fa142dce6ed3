package dev.tidemark.aws;

import dev.tidemark.contract.cloud.EmulatedAws;
import dev.tidemark.store.s3.AwsClients;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The emulated DynamoDB and SQS, with clients as functions have them. */
final class Emulators {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final EmulatedAws servers;

  private Emulators(EmulatedAws servers) {
    this.servers = servers;
  }

  static Emulators started() {
    return new Emulators(EmulatedAws.started());
  }

  /** What tells a process of ours where they are. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_REGION", "eu-central-1",
        "AWS_ACCESS_KEY_ID", "tests",
        "AWS_SECRET_ACCESS_KEY", "tests",
        "AWS_ENDPOINT_URL_DYNAMODB", servers.dynamoDb().toString(),
        "AWS_ENDPOINT_URL_SQS", servers.sqs().toString());
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
        .endpointOverride(servers.dynamoDb())
        .build();
  }

  SqsClient sqs() {
    return AwsServices.sqs(clients(), servers.sqs());
  }

  /** A new table, as Terraform makes it. */
  String table() {
    String name = "table-" + NAMES.incrementAndGet();
    try (DynamoDbClient client = dynamoDb()) {
      return Tables.make(client, name);
    }
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
}
