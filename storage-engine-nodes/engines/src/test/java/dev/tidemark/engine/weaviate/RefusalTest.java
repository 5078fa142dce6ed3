package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.CannedServer;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Throttle;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What servers answer, word for word, means what it means whatever its status and shape. */
class RefusalTest {
  private static final String ID = "tidemark-t-aaaaaaaaaaaa-2";

  private final CannedServer server;

  RefusalTest() throws IOException {
    server = new CannedServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Refusal refusal(int answered, String with) {
    server.answer(answered, with);
    var endpoint =
        new Endpoint(
            "w",
            server.address(),
            HttpClient.newHttpClient(),
            null,
            Duration.ofSeconds(10),
            Throttle.NONE);
    return Refusal.of(ID, endpoint.ask("POST", "/v1/backups/s3", null));
  }

  private static String told(String message) {
    return "{\"error\":[{\"message\":\"" + message + "\"}]}";
  }

  @Test
  void anotherBackupIsNamedWhicheverNodeCoordinatesIt() {
    assertThat(refusal(422, told("backup theirs already in progress")))
        .isInstanceOfSatisfying(
            Refusal.Busy.class, busy -> assertThat(busy.what()).contains("theirs"));
    assertThat(
            refusal(
                500, told("node \\\"n2\\\": cannot commit : backup theirs already in progress")))
        .isInstanceOfSatisfying(
            Refusal.Busy.class, busy -> assertThat(busy.what()).contains("theirs"));
    assertThat(refusal(422, told("backup blocked: runtime-reindex in flight")))
        .isInstanceOf(Refusal.Busy.class);
  }

  @Test
  void oursThatIsThereIsNoRefusal() {
    assertThat(refusal(422, told("backup " + ID + " already in progress")))
        .isInstanceOf(Refusal.Exists.class);
    assertThat(refusal(422, told("backup \\\"" + ID + "\\\" already exists at \\\"s3://b/p\\\"")))
        .isInstanceOf(Refusal.Exists.class);
  }

  @Test
  void whatIsWrongIsRefusedForGoodInTheServersWords() {
    assertThat(refusal(422, told("class Gone doesn't exist")))
        .isInstanceOfSatisfying(
            Refusal.Final.class,
            hard -> {
              assertThat(hard.failure().kind()).isEqualTo(PermanentFailure.Kind.NOT_FOUND);
              assertThat(hard.failure()).hasMessageContaining("Gone");
            });
    assertThat(
            refusal(
                422,
                "{\"code\":606,\"message\":\"config.CompressionLevel in body should be one of\"}"))
        .isInstanceOfSatisfying(
            Refusal.Final.class,
            hard -> {
              assertThat(hard.failure().kind()).isEqualTo(PermanentFailure.Kind.INVALID);
              assertThat(hard.failure()).hasMessageContaining("CompressionLevel");
            });
  }

  @Test
  void whatMayPassIsTriedAgain() {
    assertThat(refusal(500, told("leader not found, try again later")))
        .isInstanceOf(Refusal.Passing.class);
    assertThat(refusal(500, told("cannot resolve hostname for \\\"node2\\\"")))
        .isInstanceOf(Refusal.Passing.class);
    assertThat(refusal(503, "")).isInstanceOf(Refusal.Passing.class);
    // Of a cluster one of whose nodes was killed.
    assertThat(
            refusal(
                422,
                told("rpc error: code = Canceled desc = grpc: the client connection is closing")))
        .isInstanceOf(Refusal.Passing.class);
  }

  @Test
  void aVersionTellsWhatItsServerCan() {
    Version now = Version.parse("1.38.11");
    assertThat(now.leavesUncompressed() && now.includesInactive() && now.placesBackups()).isTrue();
    assertThat(Version.parse("1.32.17").leavesUncompressed()).isFalse();
    assertThat(Version.parse("1.32.18").leavesUncompressed()).isTrue();
    assertThat(Version.parse("v1.33.5-rc.0").leavesUncompressed()).isFalse();
    assertThat(Version.parse("1.36.9").includesInactive()).isFalse();
    assertThat(Version.parse("1.36.10").includesInactive()).isTrue();
    assertThat(Version.parse("1.27.1").placesBackups()).isFalse();
    assertThat(Version.parse("1.23.12").isTooOld()).isTrue();
    assertThat(Version.parse("1.23.13").isTooOld()).isFalse();
    assertThat(Version.parse("2.0.0").knowsAliases()).isTrue();
  }
}
