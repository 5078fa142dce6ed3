package dev.tidemark.aws;

import dev.tidemark.core.flow.RunView;
import dev.tidemark.store.s3.AwsClients;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * LocalStack in a container, one for all tests of this JVM; or where {@code
 * -Dtidemark.localstack=http://127.0.0.1:4566} says that one runs.
 */
final class LocalStackServices implements Services {
  /** The last image that needs no account. */
  private static final DockerImageName IMAGE =
      DockerImageName.parse("localstack/localstack:4.14.0");

  private static final String REGION = "eu-central-1";
  private static @Nullable URI running;

  private final URI address;
  private final AwsClients clients;
  private final SqsClient sqs;
  private final String name = "tests-" + UUID.randomUUID();
  private final String notices;

  private LocalStackServices(URI address, String... buckets) {
    this.address = address;
    this.clients = AwsClients.of(credentials());
    this.sqs = AwsServices.sqs(clients, address);
    this.notices = queue(Map.of());
    makeBus();
    for (String bucket : buckets) {
      makeEmpty(bucket);
    }
  }

  static Services start(String... buckets) {
    return new LocalStackServices(address(), buckets);
  }

  private static synchronized URI address() {
    URI known = running;
    if (known == null) {
      String given = System.getProperty("tidemark.localstack", "");
      known = given.isEmpty() ? contained() : URI.create(given);
      running = known;
    }
    return known;
  }

  /** Testcontainers removes the container when this JVM has ended. */
  @SuppressWarnings("resource")
  private static URI contained() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new AssertionError(
          "expected a Docker daemon for the profile localstack, found none that answers. Hint:"
              + " start one, leave the profile out, or name a LocalStack that runs by"
              + " -Dtidemark.localstack=http://127.0.0.1:4566");
    }
    var container =
        new LocalStackContainer(IMAGE)
            .withServices("s3", "sqs", "dynamodb", "events")
            .withEnv("AWS_DEFAULT_REGION", REGION);
    container.start();
    return container.getEndpoint();
  }

  private static Map<String, String> credentials() {
    return Map.of(
        "AWS_REGION", REGION, "AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test");
  }

  /** What its rule passes on to a queue has been told. */
  private void makeBus() {
    try (EventBridgeClient events = AwsServices.eventBridge(clients, address)) {
      events.createEventBus(create -> create.name(name));
      events.putRule(
          put -> put.name(name).eventBusName(name).eventPattern("{\"source\": [\"tidemark\"]}"));
      Target queue = Target.builder().id("notices").arn(arn(notices)).build();
      events.putTargets(put -> put.rule(name).eventBusName(name).targets(queue));
    }
  }

  private String arn(String queue) {
    return sqs.getQueueAttributes(
            get -> get.queueUrl(queue).attributeNames(QueueAttributeName.QUEUE_ARN))
        .attributes()
        .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
  }

  private void makeEmpty(String bucket) {
    try (S3Client s3 =
        clients
            .configured(S3Client.builder())
            .endpointOverride(address)
            .forcePathStyle(true)
            .build()) {
      if (s3.listBuckets().buckets().stream().noneMatch(each -> each.name().equals(bucket))) {
        s3.createBucket(create -> create.bucket(bucket));
      }
      List<S3Object> left = s3.listObjectsV2(list -> list.bucket(bucket)).contents();
      while (!left.isEmpty()) {
        left.forEach(object -> s3.deleteObject(one -> one.bucket(bucket).key(object.key())));
        left = s3.listObjectsV2(list -> list.bucket(bucket)).contents();
      }
    }
  }

  @Override
  public Map<String, String> environment() {
    String at = address.toString();
    return Map.of(
        "AWS_REGION", REGION,
        "AWS_ACCESS_KEY_ID", "test",
        "AWS_SECRET_ACCESS_KEY", "test",
        "AWS_ENDPOINT_URL_S3", at,
        "AWS_ENDPOINT_URL_SQS", at,
        "AWS_ENDPOINT_URL_DYNAMODB", at,
        "AWS_ENDPOINT_URL_EVENTBRIDGE", at,
        "TIDEMARK_EVENT_BUS", name);
  }

  @Override
  public SqsClient sqs() {
    return sqs;
  }

  @Override
  public String table() {
    try (DynamoDbClient client = AwsServices.dynamoDb(clients, address)) {
      return Tables.make(client, name);
    }
  }

  @Override
  public String queue(Map<QueueAttributeName, String> attributes) {
    String queue = "queue-" + UUID.randomUUID();
    return sqs.createQueue(create -> create.queueName(queue).attributes(attributes)).queueUrl();
  }

  @Override
  public boolean told(RunView run, Path log) {
    List<Message> messages =
        sqs.receiveMessage(receive -> receive.queueUrl(notices).maxNumberOfMessages(10)).messages();
    return messages.stream().anyMatch(message -> message.body().contains(run.id()));
  }

  @Override
  public void close() {
    sqs.close();
  }
}
