package dev.tidemark.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/** Counts what goes over a client's wire, in requests and units, and loses some of it. */
final class Wire implements ExecutionInterceptor {
  private final List<String> requests = new ArrayList<>();
  private double readUnits;
  private double writeUnits;
  private int answersToLose;
  private @Nullable String lost;
  private @Nullable String refused;
  private @Nullable String denied;
  private @Nullable Runnable afterLoss;

  synchronized void forget() {
    requests.clear();
    readUnits = 0;
    writeUnits = 0;
  }

  /** The operations, without the SDK's retries. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized double readUnits() {
    return readUnits;
  }

  synchronized double writeUnits() {
    return writeUnits;
  }

  /** Requests arrive, and the next answers do not. */
  synchronized void loseAnswers(int count) {
    answersToLose = count;
  }

  /** No answer of this operation ever arrives. */
  synchronized void loseAnswersOf(String operation) {
    lost = operation;
  }

  /** No request of this operation ever arrives. */
  synchronized void refuse(String operation) {
    refused = operation;
  }

  /** IAM allows no request of this operation. */
  synchronized void deny(String operation) {
    denied = operation;
  }

  /** What happens when an answer is lost, once. */
  synchronized void afterLoss(Runnable meanwhile) {
    afterLoss = meanwhile;
  }

  SdkHttpClient through(SdkHttpClient real) {
    return new SdkHttpClient() {
      @Override
      public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = real.prepareRequest(request);
        String target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
        String operation = target.substring(target.indexOf('.') + 1);
        return new ExecutableHttpRequest() {
          @Override
          public HttpExecuteResponse call() throws IOException {
            if (operation.equals(refused)) {
              throw new IOException("refused by this test");
            }
            if (operation.equals(denied)) {
              return denial();
            }
            HttpExecuteResponse response = prepared.call();
            loseSome(operation);
            return response;
          }

          @Override
          public void abort() {
            prepared.abort();
          }
        };
      }

      @Override
      public void close() {}
    };
  }

  /** As DynamoDB words it. */
  private static HttpExecuteResponse denial() {
    String body =
        "{\"__type\": \"com.amazon.coral.service#AccessDeniedException\","
            + " \"Message\": \"User: somebody is not authorized\"}";
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(400)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .build())
        .responseBody(
            AbortableInputStream.create(
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
        .build();
  }

  private void loseSome(String operation) throws IOException {
    Runnable meanwhile = null;
    synchronized (this) {
      if (!operation.equals(lost) && answersToLose == 0) {
        return;
      }
      answersToLose = Math.max(0, answersToLose - 1);
      meanwhile = afterLoss;
      afterLoss = null;
    }
    if (meanwhile != null) {
      meanwhile.run();
    }
    throw new IOException("lost by this test");
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    SdkRequest request = context.request();
    ReturnConsumedCapacity total = ReturnConsumedCapacity.TOTAL;
    if (request instanceof PutItemRequest put) {
      return put.toBuilder().returnConsumedCapacity(total).build();
    }
    if (request instanceof TransactWriteItemsRequest transaction) {
      return transaction.toBuilder().returnConsumedCapacity(total).build();
    }
    if (request instanceof GetItemRequest get) {
      return get.toBuilder().returnConsumedCapacity(total).build();
    }
    if (request instanceof QueryRequest query) {
      return query.toBuilder().returnConsumedCapacity(total).build();
    }
    if (request instanceof BatchWriteItemRequest batch) {
      return batch.toBuilder().returnConsumedCapacity(total).build();
    }
    return request;
  }

  @Override
  public synchronized void beforeExecution(
      Context.BeforeExecution context, ExecutionAttributes attributes) {
    requests.add(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
  }

  @Override
  public synchronized void afterExecution(
      Context.AfterExecution context, ExecutionAttributes attributes) {
    SdkResponse response = context.response();
    if (response instanceof PutItemResponse put) {
      writeUnits += units(put.consumedCapacity());
    } else if (response instanceof TransactWriteItemsResponse transaction) {
      transaction.consumedCapacity().forEach(each -> writeUnits += units(each));
    } else if (response instanceof GetItemResponse get) {
      readUnits += units(get.consumedCapacity());
    } else if (response instanceof QueryResponse query) {
      readUnits += units(query.consumedCapacity());
    }
  }

  private static double units(@Nullable ConsumedCapacity capacity) {
    return capacity == null ? 0 : capacity.capacityUnits();
  }
}
