package dev.tidemark.journey.sim;

import dev.tidemark.aws.AwsServices;
import dev.tidemark.aws.DynamoStateTable;
import dev.tidemark.aws.SqsWorkQueue;
import dev.tidemark.contract.ManualClock;
import dev.tidemark.contract.fault.FaultProxy;
import dev.tidemark.contract.fault.NetworkPlan;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.store.s3.AwsClients;
import dev.tidemark.store.s3.CredentialsConfig;
import dev.tidemark.store.s3.S3BlobStore;
import dev.tidemark.store.s3.S3Config;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The adapters of AWS on real servers: a prefix of a bucket, a table, two queues. Processes reach
 * them through proxies.
 *
 * <p>The world's clock stands still while the queues' own goes on. So a delivery is its receiver's
 * own for a second, which the world takes for {@link #VISIBILITY}, unless the server is faster; and
 * delays of more than a second are timer rows, which the world's clock makes due.
 */
final class AwsPorts implements Ports, AutoCloseable {
  private static final Duration VISIBILITY = Duration.ofMinutes(15);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);
  private static final long WAIT_MILLIS = 20;

  private final ManualClock clock;
  private final SeededIds ids;
  private final String name;
  private final List<FaultProxy> network = new ArrayList<>();
  private final Clients outside;
  private final Clients inside;
  private final Map<Queue, String> urls = new TreeMap<>();
  private Instant delayedUntil;
  private Instant heldUntil;

  private record Clients(S3BlobStore store, DynamoDbClient table, SqsClient queues)
      implements AutoCloseable {
    Clients(AwsClients clients, AwsServers.Endpoints at, String prefix, ManualClock clock) {
      this(
          S3BlobStore.open(bucket(at.s3(), prefix), clients, reference -> reference, clock),
          AwsServices.dynamoDb(clients, at.dynamoDb()),
          AwsServices.sqs(clients, at.sqs()));
    }

    private static S3Config bucket(URI endpoint, String prefix) {
      var chain = new CredentialsConfig(new CredentialsConfig.Source.Chain(), null);
      return new S3Config(AwsServers.BUCKET, prefix, null, endpoint, true, chain, null, null, null);
    }

    @Override
    public void close() {
      store.close();
      table.close();
      queues.close();
    }
  }

  AwsPorts(AwsServers servers, String name, Setting setting, ManualClock clock) {
    this.clock = clock;
    // Tokens of requests are one to a whole account.
    this.ids = new SeededIds(1_000_003 * setting.seed() + name.hashCode());
    this.name = name;
    this.delayedUntil = clock.instant();
    this.heldUntil = clock.instant();
    AwsServers.Endpoints real = servers.endpoints();
    this.outside = new Clients(servers.clients(), real, name, clock);
    var proxied =
        new AwsServers.Endpoints(proxied(real.s3()), proxied(real.dynamoDb()), proxied(real.sqs()));
    this.inside = new Clients(servers.clients(), proxied, name, clock);
    createTable();
    for (Queue queue : Queue.values()) {
      urls.put(queue, createQueue(queue));
    }
  }

  private URI proxied(URI server) {
    FaultProxy proxy = FaultProxy.before(server.getPort());
    network.add(proxy);
    return URI.create(proxy.address());
  }

  /** As Terraform makes it. */
  private void createTable() {
    try {
      outside
          .table()
          .createTable(
              table ->
                  table
                      .tableName(name)
                      .billingMode(BillingMode.PAY_PER_REQUEST)
                      .attributeDefinitions(attribute("pk"), attribute("sk"))
                      .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)));
    } catch (ResourceInUseException e) {
      // Made by an earlier try, whose answer came too late: nobody else has this name.
    }
  }

  private static AttributeDefinition attribute(String attribute) {
    return AttributeDefinition.builder()
        .attributeName(attribute)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String attribute, KeyType type) {
    return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
  }

  private String createQueue(Queue queue) {
    return outside
        .queues()
        .createQueue(
            create ->
                create
                    .queueName(name + "-" + queue)
                    .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1")))
        .queueUrl();
  }

  /** What goes wrong on the way to the servers from now on. */
  void network(NetworkPlan plan) {
    network.forEach(proxy -> proxy.plan(plan));
  }

  /** How often what went wrong on the way. */
  Map<String, Integer> injected() {
    Map<String, Integer> all = new TreeMap<>();
    network.forEach(
        proxy -> proxy.injected().forEach((fault, n) -> all.merge(fault, n, Integer::sum)));
    return all;
  }

  @Override
  public Client client() {
    return new Client(
        inside.store(),
        new DynamoStateTable(inside.table(), name, clock, ids),
        new ShortDelays(new SqsWorkQueue(inside.queues(), urls)),
        new SqsReceiver(inside.queues(), urls, this::received));
  }

  private final class ShortDelays implements WorkQueue {
    private final WorkQueue real;

    ShortDelays(WorkQueue real) {
      this.real = real;
    }

    @Override
    public Duration longestDelay() {
      return LONGEST_DELAY;
    }

    @Override
    public void send(WorkItem item, Duration delay) {
      Instant due = clock.instant().plus(delay);
      delayedUntil = due.isAfter(delayedUntil) ? due : delayedUntil;
      real.send(item, delay);
    }
  }

  private void received() {
    heldUntil = clock.instant().plus(VISIBILITY);
  }

  @Override
  public BlobStore store() {
    return outside.store();
  }

  @Override
  public StateTable table() {
    return new DynamoStateTable(outside.table(), name, clock, ids);
  }

  @Override
  public List<Row> rows() {
    return outside
        .table()
        .scanPaginator(scan -> scan.tableName(name).consistentRead(true))
        .items()
        .stream()
        .map(AwsPorts::row)
        .sorted(Comparator.comparing(Row::partition).thenComparing(Row::sort))
        .toList();
  }

  private static Row row(Map<String, AttributeValue> item) {
    return new Row(
        item.get("pk").s(),
        item.get("sk").s(),
        Long.parseLong(item.get("version").n()),
        item.get("body").s());
  }

  @Override
  public int size(Queue queue) {
    return attributes(urls.get(queue)).values().stream().mapToInt(Integer::parseInt).sum();
  }

  @Override
  public Optional<Instant> nextVisible() {
    int visible = count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
    if (visible > 0) {
      return Optional.of(clock.instant());
    }
    Instant next = null;
    if (count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED) > 0) {
      next = delayedUntil;
    }
    if (count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE) > 0) {
      next = next == null || heldUntil.isBefore(next) ? heldUntil : next;
    }
    if (next != null && !next.isAfter(clock.instant())) {
      sleep();
    }
    return Optional.ofNullable(next);
  }

  private int count(QueueAttributeName what) {
    return urls.values().stream()
        .mapToInt(url -> Integer.parseInt(attributes(url).getOrDefault(what, "0")))
        .sum();
  }

  private Map<QueueAttributeName, String> attributes(String url) {
    return outside
        .queues()
        .getQueueAttributes(
            get ->
                get.queueUrl(url)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes();
  }

  private static void sleep() {
    try {
      Thread.sleep(WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SQS does not get to know. */
  @Override
  public void crash() {}

  @Override
  public void close() {
    urls.values().forEach(url -> outside.queues().deleteQueue(queue -> queue.queueUrl(url)));
    outside.table().deleteTable(table -> table.tableName(name));
    inside.close();
    outside.close();
    network.forEach(FaultProxy::close);
  }

  @Override
  public String toString() {
    return "%s, %d control, %d transfer".formatted(name, size(Queue.CONTROL), size(Queue.TRANSFER));
  }
}
