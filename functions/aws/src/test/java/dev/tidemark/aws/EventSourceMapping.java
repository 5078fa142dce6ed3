package dev.tidemark.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.aws.LambdaFunction.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

/**
 * What Lambda does between a queue and a function: receives batches, invokes, and deletes what was
 * not reported as failed. What an invocation did not answer for stays in the queue until its
 * visibility timeout. Now and then a batch is delivered twice, as SQS does.
 */
final class EventSourceMapping implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How often a batch is delivered twice, though the first time went well. */
  enum Delivery {
    ONCE,
    ONE_IN_FOUR_TWICE
  }

  private final SqsClient client;
  private final String queue;
  private final LambdaFunction function;
  private final int batch;
  private final Duration deadline;
  private final Delivery delivery;
  private final List<Thread> pollers = new ArrayList<>();
  private final AtomicInteger invocations = new AtomicInteger();
  private final AtomicInteger deaths = new AtomicInteger();
  private volatile boolean stopped;

  EventSourceMapping(
      SqsClient client,
      String queue,
      LambdaFunction function,
      int batch,
      int concurrency,
      Duration deadline,
      Delivery delivery) {
    this.client = client;
    this.queue = queue;
    this.function = function;
    this.batch = batch;
    this.deadline = deadline;
    this.delivery = delivery;
    for (int i = 0; i < concurrency; i++) {
      var poller = new Thread(this::poll, "mapping of " + queue + " " + i);
      pollers.add(poller);
      poller.setDaemon(true);
      poller.start();
    }
  }

  int invocations() {
    return invocations.get();
  }

  /** Invocations that ended without an answer. */
  int deaths() {
    return deaths.get();
  }

  private void poll() {
    while (!stopped) {
      try {
        List<Message> messages =
            client
                .receiveMessage(
                    receive ->
                        receive.queueUrl(queue).maxNumberOfMessages(batch).waitTimeSeconds(1))
                .messages();
        if (!messages.isEmpty()) {
          deliver(messages);
        }
      } catch (SdkException e) {
        // Lambda polls again, whatever it was.
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void deliver(List<Message> messages) throws IOException {
    boolean fourth = invocations.incrementAndGet() % 4 == 0;
    if (fourth && delivery == Delivery.ONE_IN_FOUR_TWICE) {
      function.invoke(event(messages), deadline);
    }
    Outcome outcome = function.invoke(event(messages), deadline);
    if (!(outcome instanceof Outcome.Answer answer)) {
      deaths.incrementAndGet();
      return;
    }
    Set<String> failed = failures(answer.json());
    for (Message message : messages) {
      if (!failed.contains(message.messageId())) {
        delete(message);
      }
    }
  }

  private void delete(Message message) {
    try {
      client.deleteMessage(delete -> delete.queueUrl(queue).receiptHandle(message.receiptHandle()));
    } catch (ReceiptHandleIsInvalidException e) {
      // It was out for longer than its visibility timeout, so that it is another's by now.
    }
  }

  private static Set<String> failures(String json) throws IOException {
    Set<String> failed = new HashSet<>();
    JsonNode items = JSON.readTree(json).path("batchItemFailures");
    items.forEach(item -> failed.add(item.path("itemIdentifier").asText()));
    return failed;
  }

  /** As SQS's mapping makes it. */
  static String event(List<Message> messages) {
    ObjectNode event = JSON.createObjectNode();
    ArrayNode records = event.putArray("Records");
    for (Message message : messages) {
      ObjectNode record = records.addObject();
      record.put("messageId", message.messageId());
      record.put("receiptHandle", message.receiptHandle());
      record.put("body", message.body());
      record.putObject("attributes").put("ApproximateReceiveCount", "1");
      record.putObject("messageAttributes");
      record.put("md5OfBody", message.md5OfBody());
      record.put("eventSource", "aws:sqs");
      record.put("eventSourceARN", "arn:aws:sqs:eu-central-1:000000000000:queue");
      record.put("awsRegion", "eu-central-1");
    }
    return event.toString();
  }

  @Override
  public void close() {
    stopped = true;
    for (Thread poller : pollers) {
      try {
        poller.join(30_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
