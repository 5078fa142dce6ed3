package dev.tidemark.aws;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Commit.Change;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.core.time.Ids;
import dev.tidemark.store.s3.AwsFailures;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The state table in a table of DynamoDB, whose partition key is {@code pk} and whose sort key is
 * {@code sk}, both texts.
 *
 * <p>A commit of one change is a conditional PutItem; one of several is a TransactWriteItems, which
 * costs twice the write units and carries a client request token, so that the SDK's own retries
 * cannot make it twice. Every put stores a random write id: a condition that failed against our own
 * earlier write is success. Where an answer was lost the row is read again, and where that does not
 * settle it the commit is transient: the flow looks at the rows anew.
 */
public final class DynamoStateTable implements StateTable {
  private static final String PARTITION = "pk";
  private static final String SORT = "sk";
  private static final String BODY = "body";
  private static final String VERSION = "version";
  private static final String WRITE = "write";

  /** Before and after every character of a key. */
  private static final String LOWEST = "-";

  private static final String HIGHEST = "~";

  private static final int WRITE_ID_LENGTH = 16;
  private static final int DISCARD_ROUNDS = 3;
  private static final Map<String, String> VERSION_NAME = Map.of("#version", VERSION);
  private static final String AT_VERSION = "#version = :version";
  private static final String ABSENT = "attribute_not_exists(" + PARTITION + ")";

  private final DynamoDbClient client;
  private final String table;
  private final AwsFailures failures;
  private final Versions versions;
  private final Ids ids;

  /**
   * @param table the name of the table
   */
  public DynamoStateTable(DynamoDbClient client, String table, InstantSource clock, Ids ids) {
    this.client = client;
    this.table = table;
    this.failures = new AwsFailures("DynamoDB");
    this.versions = new Versions(clock, ids);
    this.ids = ids;
  }

  @Override
  public Optional<Row> get(String partition, String sort) {
    try {
      return item(partition, sort).map(item -> row(partition, item));
    } catch (SdkException e) {
      throw failed("read row " + partition + " " + sort, List.of("dynamodb:GetItem"), e);
    }
  }

  @Override
  public List<Row> query(String partition, String prefix, @Nullable String after, int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("a query's limit is 1 to 1 000, not " + limit);
    }
    String from = after == null || after.compareTo(prefix) < 0 ? prefix : after + LOWEST;
    String to = prefix + HIGHEST;
    if (from.compareTo(to) > 0) {
      return List.of();
    }
    QueryRequest request =
        QueryRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .keyConditionExpression(PARTITION + " = :pk AND " + SORT + " BETWEEN :from AND :to")
            .expressionAttributeValues(
                Map.of(
                    ":pk", text(partition),
                    ":from", text(from.isEmpty() ? LOWEST : from),
                    ":to", text(to)))
            .build();
    try {
      return rows(request, partition, limit);
    } catch (SdkException e) {
      throw failed("list rows " + partition + " " + prefix + "*", List.of("dynamodb:Query"), e);
    }
  }

  /** A page of DynamoDB's ends after 1 MiB, however many rows that is. */
  private List<Row> rows(QueryRequest request, String partition, int limit) {
    List<Row> rows = new ArrayList<>();
    Map<String, AttributeValue> next = Map.of();
    do {
      var page = request.toBuilder().limit(limit - rows.size());
      QueryResponse found =
          client.query(next.isEmpty() ? page.build() : page.exclusiveStartKey(next).build());
      found.items().forEach(item -> rows.add(row(partition, item)));
      next = found.lastEvaluatedKey();
    } while (!next.isEmpty() && rows.size() < limit);
    return rows;
  }

  @Override
  public boolean commit(Commit commit) {
    List<Change> changes = commit.changes();
    String write = ids.text(WRITE_ID_LENGTH);
    long version = versions.next();
    return changes.size() == 1
        ? put(commit.partition(), changes.get(0), version, write)
        : transact(commit.partition(), changes, version, write);
  }

  private boolean put(String partition, Change change, long version, String write) {
    try {
      client.putItem(
          put -> {
            put.tableName(table)
                .item(item(partition, change, version, write))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
            if (change instanceof Change.Replace replace) {
              put.conditionExpression(AT_VERSION)
                  .expressionAttributeNames(VERSION_NAME)
                  .expressionAttributeValues(atVersion(replace.version()));
            } else {
              put.conditionExpression(ABSENT);
            }
          });
      return true;
    } catch (ConditionalCheckFailedException e) {
      if (isBy(write, e.item())) {
        return true;
      }
      if (wasTriedOnce(e)) {
        return false;
      }
      // An earlier try, whose answer was lost, may have been made and written over since.
      throw new TransientFailure(
          "cannot tell whether row %s %s was written".formatted(partition, change.sort()), e);
    } catch (SdkException e) {
      return settled(partition, change.sort(), write, List.of(change), e);
    }
  }

  private boolean transact(String partition, List<Change> changes, long version, String write) {
    List<TransactWriteItem> items =
        changes.stream().map(change -> item(partition, change, write, version)).toList();
    try {
      client.transactWriteItems(
          transaction -> transaction.transactItems(items).clientRequestToken(write));
      return true;
    } catch (TransactionCanceledException e) {
      return answered(partition, changes, write, e);
    } catch (SdkException e) {
      String sort =
          changes.stream()
              .filter(each -> each instanceof Change.Create || each instanceof Change.Replace)
              .findFirst()
              .orElseThrow()
              .sort();
      return settled(partition, sort, write, changes, e);
    }
  }

  /** A condition that failed decides, whatever else was in the way of other rows. */
  private boolean answered(
      String partition, List<Change> changes, String write, TransactionCanceledException e) {
    List<CancellationReason> failed =
        e.cancellationReasons().stream()
            .filter(reason -> "ConditionalCheckFailed".equals(reason.code()))
            .toList();
    if (failed.stream().anyMatch(reason -> isBy(write, reason.item()))) {
      return true;
    }
    if (!failed.isEmpty()) {
      return false;
    }
    if (e.cancellationReasons().stream().anyMatch(DynamoStateTable::isInvalid)) {
      throw failed("commit to " + partition, actions(changes), e);
    }
    throw new TransientFailure(
        "cannot commit to %s now: DynamoDB answers %s".formatted(partition, codes(e)), e);
  }

  private static boolean isInvalid(CancellationReason reason) {
    return "ValidationError".equals(reason.code())
        || "ItemCollectionSizeLimitExceeded".equals(reason.code());
  }

  private static String codes(TransactionCanceledException e) {
    var codes = new HashSet<String>();
    e.cancellationReasons().forEach(reason -> codes.add(String.valueOf(reason.code())));
    codes.remove("None");
    return String.join(", ", codes);
  }

  /** Whether a commit whose answer is missing was made, where the row tells. */
  private boolean settled(
      String partition, String sort, String write, List<Change> changes, SdkException e) {
    RuntimeException failure = failed("commit to " + partition, actions(changes), e);
    if (failure instanceof TransientFailure && !AwsFailures.isRefusal(e)) {
      try {
        if (item(partition, sort).filter(item -> isBy(write, item)).isPresent()) {
          return true;
        }
      } catch (SdkException unsettled) {
        failure.addSuppressed(unsettled);
      }
    }
    throw failure;
  }

  @Override
  public void discard(String partition, List<String> sorts) {
    if (sorts.size() > MAX_CHANGES) {
      throw new IllegalArgumentException(
          "at most %d rows are discarded at once, not %d".formatted(MAX_CHANGES, sorts.size()));
    }
    List<WriteRequest> left =
        sorts.stream()
            .distinct()
            .map(sort -> WriteRequest.builder().deleteRequest(d -> d.key(key(partition, sort))))
            .map(WriteRequest.Builder::build)
            .toList();
    try {
      for (int round = 0; round < DISCARD_ROUNDS && !left.isEmpty(); round++) {
        Map<String, List<WriteRequest>> request = Map.of(table, left);
        left =
            client
                .batchWriteItem(batch -> batch.requestItems(request))
                .unprocessedItems()
                .getOrDefault(table, List.of());
      }
    } catch (SdkException e) {
      throw failed("discard rows of " + partition, List.of("dynamodb:BatchWriteItem"), e);
    }
    if (!left.isEmpty()) {
      throw new TransientFailure(
          "%d of %d rows of %s are not discarded yet: DynamoDB is throttling"
              .formatted(left.size(), sorts.size(), partition));
    }
  }

  private Optional<Map<String, AttributeValue>> item(String partition, String sort) {
    return Optional.of(
            client
                .getItem(get -> get.tableName(table).consistentRead(true).key(key(partition, sort)))
                .item())
        .filter(item -> !item.isEmpty());
  }

  private TransactWriteItem item(String partition, Change change, String write, long version) {
    TransactWriteItem.Builder item = TransactWriteItem.builder();
    if (change instanceof Change.Create) {
      return item.put(
              put ->
                  put.tableName(table)
                      .item(item(partition, change, version, write))
                      .conditionExpression(ABSENT)
                      .returnValuesOnConditionCheckFailure(
                          ReturnValuesOnConditionCheckFailure.ALL_OLD))
          .build();
    }
    if (change instanceof Change.Replace replace) {
      return item.put(
              put ->
                  put.tableName(table)
                      .item(item(partition, change, version, write))
                      .conditionExpression(AT_VERSION)
                      .expressionAttributeNames(VERSION_NAME)
                      .expressionAttributeValues(atVersion(replace.version()))
                      .returnValuesOnConditionCheckFailure(
                          ReturnValuesOnConditionCheckFailure.ALL_OLD))
          .build();
    }
    if (change instanceof Change.Delete delete) {
      return item.delete(
              gone ->
                  gone.tableName(table)
                      .key(key(partition, delete.sort()))
                      .conditionExpression(AT_VERSION)
                      .expressionAttributeNames(VERSION_NAME)
                      .expressionAttributeValues(atVersion(delete.version())))
          .build();
    }
    var require = (Change.Require) change;
    return item.conditionCheck(
            check ->
                check
                    .tableName(table)
                    .key(key(partition, require.sort()))
                    .conditionExpression(AT_VERSION)
                    .expressionAttributeNames(VERSION_NAME)
                    .expressionAttributeValues(atVersion(require.version())))
        .build();
  }

  private static Map<String, AttributeValue> item(
      String partition, Change change, long version, String write) {
    if (change instanceof Change.Replace replace) {
      return item(
          partition,
          replace.sort(),
          Math.max(version, replace.version() + 1),
          replace.body(),
          write);
    }
    var create = (Change.Create) change;
    return item(partition, create.sort(), version, create.body(), write);
  }

  private static Map<String, AttributeValue> item(
      String partition, String sort, long version, String body, String write) {
    return Map.of(
        PARTITION,
        text(partition),
        SORT,
        text(sort),
        VERSION,
        number(version),
        BODY,
        text(body),
        WRITE,
        text(write));
  }

  private static Map<String, AttributeValue> key(String partition, String sort) {
    return Map.of(PARTITION, text(partition), SORT, text(sort));
  }

  private static Map<String, AttributeValue> atVersion(long version) {
    return Map.of(":version", number(version));
  }

  private static Row row(String partition, Map<String, AttributeValue> item) {
    return new Row(
        partition,
        required(item, SORT).s(),
        Long.parseLong(required(item, VERSION).n()),
        required(item, BODY).s());
  }

  private static AttributeValue required(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw PermanentFailure.of(Kind.DAMAGED, "row " + item.get(PARTITION) + " " + item.get(SORT))
          .expected("the attribute '" + name + "'")
          .found("none")
          .hint("is it a table of Tidemark, and did something else write to it?");
    }
    return value;
  }

  private static boolean isBy(String write, @Nullable Map<String, AttributeValue> item) {
    AttributeValue by = item == null ? null : item.get(WRITE);
    return by != null && write.equals(by.s());
  }

  private static boolean wasTriedOnce(SdkException e) {
    return Integer.valueOf(1).equals(e.numAttempts());
  }

  /** What changes take: a transaction has no action of its own in IAM. */
  private static List<String> actions(List<Change> changes) {
    return changes.stream().map(DynamoStateTable::action).distinct().sorted().toList();
  }

  private static String action(Change change) {
    if (change instanceof Change.Delete) {
      return "dynamodb:DeleteItem";
    }
    return change instanceof Change.Require ? "dynamodb:ConditionCheckItem" : "dynamodb:PutItem";
  }

  private RuntimeException failed(String doing, List<String> actions, SdkException e) {
    if (e instanceof ResourceNotFoundException) {
      return PermanentFailure.of(Kind.NOT_FOUND, "table '" + table + "'")
          .expected("a table of DynamoDB in this account and region")
          .found("none")
          .hint("correct $TIDEMARK_TABLE, or apply the Terraform module")
          .cause(e);
    }
    if (e instanceof TransactionConflictException || e instanceof TransactionInProgressException) {
      return new TransientFailure(
          "cannot %s now: another transaction is at the same rows".formatted(doing), e);
    }
    return failures.of(
        new AwsFailures.Call(doing, actions, () -> "arn:aws:dynamodb:*:*:table/" + table), e);
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
