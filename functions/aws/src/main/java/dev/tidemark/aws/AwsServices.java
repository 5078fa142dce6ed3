package dev.tidemark.aws;

import dev.tidemark.store.s3.AwsClients;
import dev.tidemark.store.s3.AwsFailures;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Clients of the table, the queues and the bus, whose requests are small: a few quick tries, where
 * those of a vault are patient.
 */
public final class AwsServices {
  private static final Duration ATTEMPT = Duration.ofSeconds(5);
  private static final int ATTEMPTS = 6;
  private static final BackoffStrategy BACKOFF =
      BackoffStrategy.exponentialDelay(Duration.ofMillis(25), Duration.ofSeconds(2));

  private AwsServices() {}

  /**
   * A client of the table.
   *
   * @param endpoint of another server than AWS; null for AWS
   */
  public static DynamoDbClient dynamoDb(AwsClients clients, @Nullable URI endpoint) {
    return at(endpoint, quick(clients.configured(DynamoDbClient.builder()))).build();
  }

  /**
   * A client of the queues.
   *
   * @param endpoint of another server than AWS; null for AWS
   */
  public static SqsClient sqs(AwsClients clients, @Nullable URI endpoint) {
    return at(endpoint, quick(clients.configured(SqsClient.builder()))).build();
  }

  /**
   * A client of the bus.
   *
   * @param endpoint of another server than AWS; null for AWS
   */
  public static EventBridgeClient eventBridge(AwsClients clients, @Nullable URI endpoint) {
    return at(endpoint, quick(clients.configured(EventBridgeClient.builder()))).build();
  }

  private static <B extends AwsClientBuilder<B, C>, C> B at(@Nullable URI endpoint, B builder) {
    return endpoint == null ? builder : builder.endpointOverride(endpoint);
  }

  static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B quick(B builder) {
    return builder.overrideConfiguration(
        builder.overrideConfiguration().toBuilder()
            .apiCallAttemptTimeout(ATTEMPT)
            .retryStrategy(
                AwsRetryStrategy.forRetryMode(RetryMode.STANDARD).toBuilder()
                    .maxAttempts(ATTEMPTS)
                    .backoffStrategy(BACKOFF)
                    .retryOnException(AwsServices::isPassing)
                    .build())
            .build());
  }

  /** Another transaction was at the same rows at the same moment; no condition has failed. */
  static boolean isPassing(Throwable failure) {
    if (failure instanceof TransactionCanceledException cancelled) {
      List<String> codes =
          cancelled.cancellationReasons().stream()
              .map(reason -> String.valueOf(reason.code()))
              .toList();
      return codes.contains("TransactionConflict") && !codes.contains("ConditionalCheckFailed");
    }
    return failure instanceof SdkException answer
        && AwsFailures.code(answer).equals("TransactionConflictException");
  }
}
