package dev.tidemark.journey.sim;

import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.events.WorkItemCodec;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** What an event source mapping does with one message at a time. */
final class SqsReceiver implements Receiver {
  private final SqsClient client;
  private final Map<Queue, String> urls;
  private final Runnable received;

  /**
   * @param received is told of every delivery
   */
  SqsReceiver(SqsClient client, Map<Queue, String> urls, Runnable received) {
    this.client = client;
    this.urls = Map.copyOf(urls);
    this.received = received;
  }

  @Override
  public Optional<Delivery> receive(Queue queue) {
    try {
      return client
          .receiveMessage(
              receive ->
                  receive.queueUrl(urls.get(queue)).maxNumberOfMessages(1).waitTimeSeconds(0))
          .messages()
          .stream()
          .findFirst()
          .map(message -> delivery(queue, message));
    } catch (SdkException e) {
      throw new TransientFailure("nothing can be received now", e);
    }
  }

  private Delivery delivery(Queue queue, Message message) {
    received.run();
    String receipt = queue + " " + message.receiptHandle();
    return new Delivery(WorkItemCodec.decode(message.body()), receipt);
  }

  @Override
  public void acknowledge(Delivery delivery) {
    String[] receipt = delivery.receipt().split(" ", 2);
    String url = urls.get(Queue.valueOf(receipt[0]));
    try {
      client.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(receipt[1]));
    } catch (SdkException e) {
      throw new TransientFailure("cannot be acknowledged now", e);
    }
  }
}
