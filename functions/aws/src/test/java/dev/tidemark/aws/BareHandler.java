package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.store.s3.AwsClients;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What no function can start faster than: the same clients, the same first calls in the same order,
 * nothing else. {@code $BARE_CALLS} names the calls.
 */
final class BareHandler {
  private static final Map<String, AttributeValue> KEY =
      Map.of("pk", AttributeValue.fromS("bare"), "sk", AttributeValue.fromS("bare"));

  private final DynamoDbClient table;
  private final SqsClient queue;
  private final S3Client bucket;

  private BareHandler() {
    AwsClients clients = AwsClients.of(System.getenv());
    this.table = AwsServices.dynamoDb(clients, endpoint("DYNAMODB"));
    this.queue = AwsServices.sqs(clients, endpoint("SQS"));
    this.bucket =
        clients
            .configured(S3Client.builder())
            .forcePathStyle(true)
            .endpointOverride(endpoint("S3"))
            .build();
  }

  /** Answers messages. */
  public static final class OfMessages implements RequestHandler<SQSEvent, SQSBatchResponse> {
    private final BareHandler bare = new BareHandler();

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
      bare.call();
      return new SQSBatchResponse(List.of());
    }
  }

  /** Answers events of schedules. */
  public static final class OfSchedules implements RequestStreamHandler {
    private final BareHandler bare = new BareHandler();

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context)
        throws IOException {
      new ObjectMapper().readTree(input);
      bare.call();
    }
  }

  private void call() {
    for (String each : variable("BARE_CALLS").split(",", -1)) {
      call(each);
    }
  }

  private void call(String name) {
    switch (name) {
      case "GetItem" -> table.getItem(get -> get.tableName(table()).key(KEY).consistentRead(true));
      case "PutItem" -> table.putItem(put -> put.tableName(table()).item(KEY));
      case "Query" ->
          table.query(
              query ->
                  query
                      .tableName(table())
                      .consistentRead(true)
                      .keyConditionExpression("pk = :p")
                      .expressionAttributeValues(Map.of(":p", AttributeValue.fromS("bare"))));
      case "TransactWriteItems" ->
          table.transactWriteItems(write -> write.transactItems(List.of(put())));
      case "SendMessage" ->
          queue.sendMessage(
              send -> send.queueUrl(variable("TIDEMARK_CONTROL_QUEUE")).messageBody("bare"));
      case "GetObject" ->
          bucket.getObjectAsBytes(
              get ->
                  get.bucket(variable("TIDEMARK_CONTROL_BUCKET"))
                      .key(variable("TIDEMARK_CONFIGURATION")));
      default -> throw new IllegalArgumentException("no bare call of the name " + name);
    }
  }

  private static TransactWriteItem put() {
    return TransactWriteItem.builder().put(put -> put.tableName(table()).item(KEY)).build();
  }

  private static String table() {
    return variable("TIDEMARK_TABLE");
  }

  private static URI endpoint(String service) {
    return URI.create(variable("AWS_ENDPOINT_URL_" + service));
  }

  private static String variable(String name) {
    @Nullable String value = System.getenv(name);
    return Objects.requireNonNull(value, name);
  }
}
