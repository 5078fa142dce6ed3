package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.contract.NoticeBusContract;
import dev.tidemark.contract.NoticeBusEnvironment;
import dev.tidemark.contract.cloud.MotoServer;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.events.Notice;
import dev.tidemark.store.s3.AwsClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A rule of the bus passes on to a queue, which says what has arrived. */
@Tag("aws")
class EventBridgeNoticeBusTest implements NoticeBusContract, NoticeBusEnvironment {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Less than a message that was received stays hidden. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final AwsClients CLIENTS =
      AwsClients.of(
          Map.of(
              "AWS_REGION", "eu-central-1",
              "AWS_ACCESS_KEY_ID", "tests",
              "AWS_SECRET_ACCESS_KEY", "tests"));

  private static @Nullable MotoServer moto;
  private static URI address = URI.create("http://127.0.0.1");

  private final String bus = "bus-" + UUID.randomUUID();
  private String queue = "";

  @BeforeAll
  static void start(@TempDir Path folder) {
    moto = MotoServer.start(folder.resolve("moto"));
    address = URI.create(moto.address());
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      moto.close();
    }
  }

  @BeforeEach
  void makeBus() {
    try (EventBridgeClient events = client();
        SqsClient sqs = AwsServices.sqs(CLIENTS, address)) {
      queue = sqs.createQueue(create -> create.queueName(bus)).queueUrl();
      String arn =
          sqs.getQueueAttributes(
                  get -> get.queueUrl(queue).attributeNames(QueueAttributeName.QUEUE_ARN))
              .attributes()
              .get(QueueAttributeName.QUEUE_ARN);
      events.createEventBus(create -> create.name(bus));
      events.putRule(
          put -> put.name(bus).eventBusName(bus).eventPattern("{\"source\": [\"tidemark\"]}"));
      Target target = Target.builder().id("q").arn(arn).build();
      events.putTargets(put -> put.rule(bus).eventBusName(bus).targets(target));
    }
  }

  @Override
  public NoticeBusEnvironment environment() {
    return this;
  }

  @Override
  public NoticeBus open() {
    return new EventBridgeNoticeBus(client(), bus);
  }

  /** More patient than a function's: Moto takes its time for a first request. */
  private static EventBridgeClient client() {
    return CLIENTS.configured(EventBridgeClient.builder()).endpointOverride(address).build();
  }

  @Override
  public List<String> arrived(int atLeast) {
    List<String> details = new ArrayList<>();
    events(atLeast).forEach(event -> details.add(event.path("detail").toString()));
    return details;
  }

  private List<JsonNode> events(int atLeast) {
    List<JsonNode> events = new ArrayList<>();
    Instant end = Instant.now().plus(PATIENCE);
    try (SqsClient sqs = AwsServices.sqs(CLIENTS, address)) {
      List<Message> messages;
      do {
        messages =
            sqs.receiveMessage(
                    receive ->
                        receive
                            .queueUrl(queue)
                            .maxNumberOfMessages(10)
                            .waitTimeSeconds(events.size() < atLeast ? 3 : 0))
                .messages();
        for (Message message : messages) {
          events.add(JSON.readTree(message.body()));
        }
      } while (!messages.isEmpty() || (events.size() < atLeast && Instant.now().isBefore(end)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return events;
  }

  @Test
  void aRuleTellsNoticesApartByTheirTypes() {
    open().publish(notice());
    JsonNode event = events(1).get(0);
    assertThat(event.path("source").asText()).isEqualTo("tidemark");
    assertThat(event.path("detail-type").asText()).isEqualTo("dev.tidemark.backup.failed");
    assertThat(event.path("detail").path("subject").asText()).isEqualTo("vectors/nightly-1");
  }

  @Test
  void aBusThatCannotBeReachedIsToBeTriedAgain() {
    URI nobody = URI.create("http://127.0.0.1:1");
    var bus = new EventBridgeNoticeBus(AwsServices.eventBridge(CLIENTS, nobody), "default");
    assertThatThrownBy(() -> bus.publish(notice()))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("publish to bus default");
  }

  private static Notice notice() {
    return new Notice(
        "vectors.w.0",
        Notice.Kind.BACKUP,
        Notice.Outcome.FAILED,
        "d1",
        "vectors.w",
        "vectors",
        "main",
        "nightly-1",
        Instant.EPOCH,
        Instant.EPOCH,
        "a node is away");
  }
}
