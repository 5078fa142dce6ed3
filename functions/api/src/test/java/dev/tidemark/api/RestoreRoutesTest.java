package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.TestHost.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestoreRoutesTest {
  private static final String BACKUP = "/v1/clusters/files/backups/b1";

  private final TestHost host = TestHost.start();

  @BeforeEach
  void backUp() {
    host.post("/v1/clusters/files/backups", "{ \"id\": \"b1\" }");
    host.work();
  }

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void aRestoreUnderOtherNamesIsPlannedStartedAndShown() {
    String body = "{ \"include\": [\"docs\"], \"suffix\": \"_copy\" }";
    JsonNode plan = host.post(BACKUP + "/restore/plan", body).json();
    assertThat(plan.get("problems")).isEmpty();
    assertThat(plan.get("mappings"))
        .extracting(each -> each.get("from").asText() + " > " + each.get("to").asText())
        .containsExactlyInAnyOrder("docs/s1 > docs_copy/s1", "docs/s2 > docs_copy/s2");
    assertThat(host.get("/v1/runs").json().get("runs")).hasSize(1);

    JsonNode run = host.post(BACKUP + "/restore", body).json();
    assertThat(run.get("status").asText()).isEqualTo("STARTED");
    assertThat(host.post(BACKUP + "/restore", body).json().get("run")).isEqualTo(run.get("run"));
    Answer other = host.post(BACKUP + "/restore", "{ \"suffix\": \"_other\" }");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().get("run")).isEqualTo(run.get("run"));

    host.work();
    JsonNode shown = host.get("/v1/restores/" + run.get("run").asText()).json();
    assertThat(shown.get("status").asText()).isEqualTo("SUCCESS");
    assertThat(shown.get("kind").asText()).isEqualTo("RESTORE");
    assertThat(host.engine("files").shardNames()).contains("docs_copy/s1", "docs_copy/s2");
    assertThat(host.engine("files").files("docs_copy", "s1").keySet())
        .isEqualTo(host.engine("files").files("docs", "s1").keySet());
  }

  @Test
  void whatExistsRefusesARestoreAndOnlyAnAdminReplacesIt() {
    Answer exists = host.post(BACKUP + "/restore", "{}");
    assertThat(exists.status()).isEqualTo(409);
    assertThat(host.post(BACKUP + "/restore/plan", "{}").json().get("problems")).isNotEmpty();
    Answer forbidden = host.post(BACKUP + "/restore", "{ \"replace\": true }");
    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(forbidden.json().get("expected").asText()).isEqualTo("role admin");

    assertThat(host.as("admin", "POST", BACKUP + "/restore", "{ \"replace\": true }").status())
        .isEqualTo(200);
    host.work();
    assertThat(host.get("/v1/runs?status=SUCCESS").json().get("runs")).hasSize(2);
  }

  @Test
  void aRestoreOntoAnotherClusterIsCanceledAndResumedByItsRun() {
    String body = "{ \"into\": \"other\", \"rename\": [{ \"from\": \"*\", \"to\": \"x_*\" }] }";
    String run = host.post(BACKUP + "/restore", body).json().get("run").asText();
    assertThat(run).startsWith("other.");
    assertThat(host.post("/v1/restores/" + run + "/cancel", null).json().get("status").asText())
        .isEqualTo("CANCELLING");
    host.work();
    assertThat(host.get("/v1/runs/" + run).json().get("status").asText()).isEqualTo("CANCELED");
    assertThat(host.post("/v1/restores/" + run + "/resume", null).status()).isEqualTo(409);
    assertThat(host.engine("other").shardNames()).noneMatch(name -> name.startsWith("x_"));
  }

  @Test
  void whatWeaviatesClientsSayOfARestoreIsTakenWhereItChangesNothing() {
    String body =
        """
        { "suffix": "_x", "overwriteAlias": false,
          "config": { "CPUPercentage": 50, "rolesOptions": "noRestore", "usersOptions": "noRestore" } }
        """;
    assertThat(host.post(BACKUP + "/restore", body).status()).isEqualTo(200);
    Answer bucket = host.post(BACKUP + "/restore", "{ \"config\": { \"Bucket\": \"b\" } }");
    assertThat(bucket.status()).isEqualTo(422);
    assertThat(bucket.json().get("found").asText()).contains("'Bucket'");
    assertThat(bucket.json().get("hint").asText()).contains("'vault'");
  }

  @Test
  void whatIsNoRestoreIsRefused() {
    String backup = host.get(BACKUP).json().get("run").asText();
    assertThat(host.get("/v1/restores/" + backup).status()).isEqualTo(404);
    assertThat(host.post("/v1/restores/" + backup + "/cancel", null).status()).isEqualTo(422);
    assertThat(host.post("/v1/clusters/files/backups/no/restore", "{}").status()).isEqualTo(404);
    assertThat(refused("{ \"rename\": [{ \"from\": \"a\" }] }")).isEqualTo(422);
    assertThat(refused("{ \"rename\": [{ \"from\": \"a\", \"to\": \"*\" }] }")).isEqualTo(422);
    assertThat(refused("{ \"rename\": [null] }")).isEqualTo(422);
    assertThat(refused("{ \"suffix\": \"a/b\" }")).isEqualTo(422);
    assertThat(refused("{ \"paths\": [\"../x\"] }")).isEqualTo(422);
    assertThat(refused("{ \"paths\": [null] }")).isEqualTo(422);
    assertThat(refused("{ \"node_mapping\": { \"n1\": \"\" } }")).isEqualTo(422);
    assertThat(refused("{ \"into\": \"nowhere\" }")).isEqualTo(404);
    assertThat(refused("{ \"include\": [\"nothing\"] }")).isEqualTo(404);
    assertThat(refused("{ \"to\": \"/etc\" }")).isEqualTo(422);
    assertThat(refused("{ \"overwriteAlias\": true }")).isEqualTo(422);
    assertThat(refused("{ \"config\": { \"rolesOptions\": \"all\" } }")).isEqualTo(422);
    assertThat(refused("{ \"config\": { \"CPUPercentage\": 0 } }")).isEqualTo(422);
  }

  private int refused(String body) {
    return host.post(BACKUP + "/restore", body).status();
  }
}
