package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.WorkQueueContract;
import dev.tidemark.contract.WorkQueueEnvironment;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.events.WorkItemCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

/** In real time, which is why it is not part of every build. */
@Tag("aws")
class SqsWorkQueueTest implements WorkQueueContract, WorkQueueEnvironment {
  private static final Map<QueueAttributeName, String> ATTRIBUTES =
      Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "4");

  private final SqsClient client = Emulators.started().sqs();
  private final Map<Queue, String> urls =
      Map.of(
          Queue.CONTROL, Emulators.started().queue(ATTRIBUTES),
          Queue.TRANSFER, Emulators.started().queue(ATTRIBUTES));

  /** What an event source mapping does with one message at a time. */
  private final class Poller implements Receiver {
    @Override
    public Optional<Delivery> receive(Queue queue) {
      List<Message> messages =
          client
              .receiveMessage(
                  receive ->
                      receive.queueUrl(urls.get(queue)).maxNumberOfMessages(1).waitTimeSeconds(0))
              .messages();
      return messages.stream()
          .findFirst()
          .map(
              message ->
                  new Delivery(
                      WorkItemCodec.decode(message.body()), queue + " " + message.receiptHandle()));
    }

    @Override
    public void acknowledge(Delivery delivery) {
      String[] receipt = delivery.receipt().split(" ", 2);
      String url = urls.get(Queue.valueOf(receipt[0]));
      try {
        client.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(receipt[1]));
      } catch (ReceiptHandleIsInvalidException e) {
        // It was out for longer than its visibility timeout, so that it comes again.
      }
    }

    /** Its messages are visible again when their time is over. */
    @Override
    public void die() {}
  }

  @Override
  public WorkQueueEnvironment environment() {
    return this;
  }

  @Override
  public WorkQueue open() {
    return new SqsWorkQueue(client, urls);
  }

  @Override
  public Receiver receiver() {
    return new Poller();
  }

  @Override
  public InstantSource clock() {
    return InstantSource.system();
  }

  @Override
  public void pass(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    urls.values().forEach(url -> client.deleteQueue(queue -> queue.queueUrl(url)));
    client.close();
  }

  @Test
  void aDelayOfAFractionOfASecondIsNotCutShort() {
    WorkItem item = WorkItem.ofRun(WorkItem.Kind.RUN_WATCH, "demo.w");
    Duration delay = Duration.ofMillis(950);
    Instant sent = clock().instant();
    open().send(item, delay);
    Optional<Delivery> received = receiver().receive(Queue.CONTROL);
    while (received.isEmpty()) {
      assertThat(clock().instant()).isBefore(sent.plusSeconds(60));
      pass(Duration.ofMillis(50));
      received = receiver().receive(Queue.CONTROL);
    }
    assertThat(clock().instant()).isAfterOrEqualTo(sent.plus(delay));
    assertThat(received).map(Delivery::item).contains(item);
  }

  @Test
  void aQueueThatIsNotThereIsNamedWithAHint() {
    String absent = urls.get(Queue.CONTROL) + "-not-there";
    var queue = new SqsWorkQueue(client, Map.of(Queue.CONTROL, absent, Queue.TRANSFER, absent));
    assertThatThrownBy(
            () ->
                queue.send(WorkItem.ofRun(WorkItem.Kind.RUN_WATCH, "demo.w"), Duration.ofHours(0)))
        .isInstanceOfSatisfying(
            PermanentFailure.class,
            e -> assertThat(e.kind()).isEqualTo(PermanentFailure.Kind.NOT_FOUND))
        .hasMessageContaining(absent)
        .hasMessageContaining("TIDEMARK_CONTROL_QUEUE");
  }
}
