package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.TestHost.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
  private static final String BACKUPS = "/v1/clusters/files/backups";

  private final TestHost host = TestHost.start();

  @AfterEach
  void nothingWasStarted() {
    assertThat(host.get("/v1/runs").json().get("runs")).isEmpty();
    host.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          { "inclde": ["a"] }                           | 422 | the body                | include
          { "config": { "ChunkSise": 8 } }              | 422 | field config            | ChunkSize
          { "config": { "Path": "backups/eu" } }        | 422 | field config            | vault
          { "id": 5 }                                   | 422 | field id                | -
          { "include": "docs" }                         | 422 | field include           | -
          { "include": [5] }                            | 422 | field include[0]        | -
          { "include": ["a"], "exclude": ["b"] }        | 422 | include and exclude     | -
          { "include": [""] }                           | 422 | include                 | -
          { "id": "UPPER" }                             | 422 | backup id               | -
          { "config": { "ChunkSize": 1 } }              | 422 | config.ChunkSize        | -
          { "config": { "ChunkSize": 8.5 } }            | 422 | field config.ChunkSize  | -
          { "config": { "CPUPercentage": 81 } }         | 422 | config.CPUPercentage    | -
          { "config": { "CompressionLevel": "BstSpeed" } } | 422 | config.CompressionLevel | BestSpeed
          { "labels": { "a b": "c" } }                  | 422 | label                   | -
          { "labels": { "a": null } }                   | 422 | label a                 | -
          { "base": "none", "base": "x" }               | 400 | the body                | -
          { "base": "nowhere" }                         | 404 | base 'nowhere'          | -
          { "policy": "nightly", "vault": "NO" }        | 422 | vault                   | -
          []                                            | 422 | the body                | -
          null                                          | 422 | the body                | -
          "x"                                           | 422 | the body                | -
          { "id": "x" } }                               | 400 | the body                | -
          { "id": "x"                                   | 400 | the body                | -
          id=x                                          | 400 | the body                | -
          """)
  void whatIsNotABackupIsRefusedWithItsPlace(
      String body, int status, String subject, String nearest) {
    Answer answer = host.post(BACKUPS, body);
    JsonNode problem = answer.json();
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asText()).startsWith(subject);
    assertThat(problem.get("expected").asText()).isNotEmpty();
    assertThat(problem.get("found").asText()).isNotEmpty();
    if (!nearest.equals("-")) {
      assertThat(problem.get("hint").asText()).contains("'" + nearest + "'");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/backups?limit=0, 422",
    "/v1/backups?limit=1001, 422",
    "/v1/backups?limit=many, 400",
    "/v1/backups?status=success, 422",
    "/v1/backups?order=newest, 422",
    "/v1/backups?since=yesterday, 422",
    "/v1/backups?label=novalue, 422",
    "/v1/backups?after=***, 422",
    "/v1/backups?cluster=%C3%84, 422",
    "/v1/runs?status=, 422",
    "/v1/runs/none, 422",
    "/v1/runs/files.aaaaaaaaaaaa, 404",
    "/v1/runs/Files.aaaaaaaaaaaa, 422",
    "/v1/restores/files.aaaaaaaaaaaa, 404",
    "/v1/clusters/..%2F..%2Fetc, 404",
    "/v1/clusters/files/backups/NO, 422",
    "/v1/clusters/files/backups/%00, 422",
    "/v1/vaults/nowhere, 404",
    "/v1/policies/nowhere, 404",
  })
  void whatIsNotAQueryIsRefused(String path, int status) {
    Answer answer = host.get(path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.json().get("detail").asText()).isNotEmpty();
  }

  @Test
  void aBodyThatIsMissingOrTooLargeOrNoJsonIsRefused() {
    assertThat(host.as("operator", "POST", BACKUPS, null).status()).isIn(400, 415);
    Answer large = host.post(BACKUPS, "{ \"id\": \"" + "x".repeat(300 << 10) + "\" }");
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.header("Content-Type")).startsWith("application/problem+json");
    Answer form =
        host.send(
            "POST",
            BACKUPS,
            "id=x",
            "Authorization",
            "Bearer " + host.token("operator"),
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(form.status()).isEqualTo(415);
    assertThat(form.json().get("title").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "PATCH"})
  void aMethodThatARouteHasNotIsRefused(String method) {
    Answer answer = host.as("admin", method, BACKUPS, null);
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.header("Allow")).contains("GET").contains("POST");
  }
}
