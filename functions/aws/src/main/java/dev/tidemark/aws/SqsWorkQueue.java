package dev.tidemark.aws;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.events.WorkItemCodec;
import dev.tidemark.store.s3.AwsFailures;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The sending side of two standard queues of SQS; Lambda's event source mappings receive. */
public final class SqsWorkQueue implements WorkQueue {

  /** SQS's own limit. */
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

  private final SqsClient client;
  private final Map<Queue, String> urls;
  private final AwsFailures failures;

  /**
   * @param urls of both queues
   */
  public SqsWorkQueue(SqsClient client, Map<Queue, String> urls) {
    this.client = client;
    this.urls = Map.copyOf(urls);
    this.failures = new AwsFailures("SQS");
  }

  @Override
  public Duration longestDelay() {
    return LONGEST_DELAY;
  }

  /** SQS counts in seconds, so that a delay is rounded up. */
  @Override
  public void send(WorkItem item, Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException("a delay is 0 to " + LONGEST_DELAY + ", not " + delay);
    }
    String body = WorkItemCodec.encode(item);
    String url = Objects.requireNonNull(urls.get(item.kind().queue()));
    int seconds = (int) delay.plusNanos(999_999_999).toSeconds();
    try {
      client.sendMessage(send -> send.queueUrl(url).messageBody(body).delaySeconds(seconds));
    } catch (QueueDoesNotExistException e) {
      throw absent(url, e);
    } catch (SdkException e) {
      throw failures.of(
          new AwsFailures.Call("send to queue " + url, "sqs:SendMessage", arn(url)), e);
    }
  }

  static PermanentFailure absent(String url, SdkException e) {
    return PermanentFailure.of(Kind.NOT_FOUND, "queue " + url)
        .expected("a queue of SQS in this account and region")
        .found("none")
        .hint("correct $TIDEMARK_CONTROL_QUEUE and $TIDEMARK_TRANSFER_QUEUE, or apply the module")
        .cause(e);
  }

  private static String arn(String url) {
    return "arn:aws:sqs:*:*:" + url.substring(url.lastIndexOf('/') + 1);
  }
}
