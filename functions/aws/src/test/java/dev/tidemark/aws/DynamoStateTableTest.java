package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.StateTableContract;
import dev.tidemark.contract.StateTableEnvironment;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class DynamoStateTableTest implements StateTableContract {
  private static final String TABLE = Emulators.started().table();

  private final List<DynamoDbClient> opened = new ArrayList<>();
  private final Wire wire = new Wire();
  private StateTable table = open(wire);

  @Override
  public synchronized StateTableEnvironment environment() {
    return () -> open(new Wire());
  }

  private synchronized StateTable open(Wire through) {
    DynamoDbClient client = Emulators.started().dynamoDb(through);
    opened.add(client);
    return new DynamoStateTable(client, TABLE, InstantSource.system(), new SecureIds());
  }

  @BeforeEach
  void emptyRows() {
    table.discard("p", List.of("a", "b", "c"));
    wire.forget();
  }

  @AfterEach
  void close() {
    opened.forEach(DynamoDbClient::close);
  }

  @Test
  void aCommitOfOneChangeIsOneRequestOfOneUnitAndOneOfSeveralIsOneOfTwoUnitsEach() {
    table.commit(Commit.in("p").create("a", "{}"));
    assertThat(wire.requests()).containsExactly("PutItem");
    assertThat(wire.writeUnits()).isEqualTo(1);

    wire.forget();
    Row a = table.get("p", "a").orElseThrow();
    assertThat(wire.readUnits()).isEqualTo(1);
    wire.forget();
    table.commit(Commit.in("p").replace(a, "{}").create("b", "{}"));
    assertThat(wire.requests()).containsExactly("TransactWriteItems");
    assertThat(wire.writeUnits()).isEqualTo(4);
  }

  @Test
  void aCommitWhoseAnswerIsLostIsSettledByTheRow() {
    wire.loseAnswers(1);
    assertThat(table.commit(Commit.in("p").create("a", "1"))).isTrue();
    assertThat(table.get("p", "a").orElseThrow().body()).isEqualTo("1");

    wire.loseAnswers(1);
    Row a = table.get("p", "a").orElseThrow();
    wire.loseAnswers(1);
    assertThat(table.commit(Commit.in("p").replace(a, "2").create("b", "2"))).isTrue();
    assertThat(table.get("p", "b").orElseThrow().body()).isEqualTo("2");
  }

  @Test
  void aCommitWhoseAnswersAreAllLostIsSettledByReadingTheRow() {
    wire.loseAnswersOf("PutItem");
    assertThat(table.commit(Commit.in("p").create("a", "1"))).isTrue();
    wire.loseAnswersOf("TransactWriteItems");
    assertThat(table.commit(Commit.in("p").create("b", "1").create("c", "1"))).isTrue();
    assertThat(wire.requests()).contains("GetItem");
  }

  @Test
  void aCommitThatNeverArrivesIsTransient() {
    wire.refuse("PutItem");
    assertThatThrownBy(() -> table.commit(Commit.in("p").create("a", "1")))
        .isInstanceOf(TransientFailure.class);
    assertThat(table.get("p", "a")).isEmpty();
  }

  @Test
  void aCommitThatWasMadeAndWrittenOverBeforeItsAnswerCameIsNotSaidToHaveFailed() {
    StateTable other = open(new Wire());
    wire.loseAnswers(1);
    wire.afterLoss(
        () -> other.commit(Commit.in("p").replace(other.get("p", "a").orElseThrow(), "other")));
    assertThatThrownBy(() -> table.commit(Commit.in("p").create("a", "mine")))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("cannot tell");
    assertThat(table.get("p", "a").orElseThrow().body()).isEqualTo("other");
  }

  @Test
  void aTransactionThatIamRefusesNamesTheActionsOfItsChanges() {
    table.commit(Commit.in("p").create("a", "{}").create("b", "{}"));
    Row a = table.get("p", "a").orElseThrow();
    Row b = table.get("p", "b").orElseThrow();
    wire.deny("TransactWriteItems");
    assertThatThrownBy(() -> table.commit(Commit.in("p").create("c", "{}").require(a).delete(b)))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining(
            "the permissions dynamodb:ConditionCheckItem, dynamodb:DeleteItem, dynamodb:PutItem on")
        .hasMessageContaining("\"Action\": [\"dynamodb:ConditionCheckItem\", ")
        .hasMessageNotContaining("dynamodb:Transact");
    wire.deny("PutItem");
    assertThatThrownBy(() -> table.commit(Commit.in("p").create("c", "{}")))
        .hasMessageContaining("the permission dynamodb:PutItem on")
        .hasMessageContaining("\"Action\": \"dynamodb:PutItem\"");
  }

  @Test
  void aTableThatIsNotThereIsNamedWithAHint() {
    var absent =
        new DynamoStateTable(
            Emulators.started().dynamoDb(), "not-there", InstantSource.system(), new SecureIds());
    assertThatThrownBy(() -> absent.get("p", "a"))
        .isInstanceOfSatisfying(
            PermanentFailure.class,
            e -> assertThat(e.kind()).isEqualTo(PermanentFailure.Kind.NOT_FOUND))
        .hasMessageContaining("table 'not-there'")
        .hasMessageContaining("TIDEMARK_TABLE");
  }
}
