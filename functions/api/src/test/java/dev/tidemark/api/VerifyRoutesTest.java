package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.TestHost.Answer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerifyRoutesTest {
  private static final String BACKUPS = "/v1/clusters/files/backups";
  private static final String VERIFY = BACKUPS + "/b1/verify";

  private final TestHost host = TestHost.start();

  @BeforeEach
  void seal() {
    assertThat(host.post(BACKUPS, "{ \"id\": \"b1\" }").status()).isEqualTo(200);
    host.work();
  }

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void aVerificationIsARunThatTellsWhatItRead() {
    JsonNode started = host.post(VERIFY, "{ \"percent\": 100 }").json();
    assertThat(started.get("kind").asText()).isEqualTo("VERIFY");
    assertThat(started.get("status").asText()).isEqualTo("STARTED");
    assertThat(host.post(VERIFY, "{ \"percent\": 100 }").json()).isEqualTo(started);
    Answer other = host.post(VERIFY, "{}");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().get("run")).isEqualTo(started.get("run"));

    host.work();

    JsonNode run = host.get("/v1/runs/" + started.get("run").asText()).json();
    assertThat(run.get("status").asText()).isEqualTo("SUCCESS");
    assertThat(run.get("unitsDone")).isEqualTo(run.get("units"));
    assertThat(run.at("/verification/level").asText()).isEqualTo("full");
    assertThat(run.at("/verification/bytesRead").asLong()).isPositive();
    assertThat(run.at("/verification/findings")).isEmpty();
  }

  @Test
  void damageFailsTheRunAndIsNamedWithTheFilesItCosts() {
    String blob = host.store("main").list("data/", null, 1).get(0).key();
    host.store("main").delete(List.of(blob));
    String run = host.post(VERIFY, "{}").json().get("run").asText();
    host.work();
    JsonNode ended = host.get("/v1/runs/" + run).json();
    assertThat(ended.get("status").asText()).isEqualTo("FAILED");
    assertThat(ended.get("error").asText()).contains("damaged").contains(blob);
    assertThat(ended.at("/verification/findingCount").asLong()).isEqualTo(1);
    JsonNode finding = ended.at("/verification/findings/0");
    assertThat(finding.get("object").asText()).isEqualTo(blob);
    assertThat(finding.at("/files/0/shard").asText()).isNotEmpty();
  }

  @Test
  void aVerificationInProgressIsCanceled() {
    String run = host.post(VERIFY, "{}").json().get("run").asText();
    assertThat(host.post("/v1/runs/" + run + "/cancel", null).json().get("status").asText())
        .isEqualTo("CANCELLING");
    host.work();
    assertThat(host.get("/v1/runs/" + run).json().get("status").asText()).isEqualTo("CANCELED");
    assertThat(host.get("/v1/restores/" + run).status()).isEqualTo(404);
  }

  @Test
  void onlyASealedBackupIsVerifiedAndOnlyByAnOperator() {
    assertThat(host.as("reader", "POST", VERIFY, "{}").status()).isEqualTo(403);
    assertThat(host.post(VERIFY, "{ \"percent\": 101 }").status()).isEqualTo(422);
    assertThat(host.post(VERIFY, "{ \"level\": \"full\" }").status()).isEqualTo(422);
    assertThat(host.post(BACKUPS + "/nowhere/verify", "{}").status()).isEqualTo(404);
    host.post(BACKUPS, "{ \"id\": \"b2\" }");
    assertThat(host.post(BACKUPS + "/b2/verify", "{}").status()).isEqualTo(409);
  }
}
