package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.TestHost.Answer;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConfigurationRoutesTest {
  private final TestHost host = TestHost.start();

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void clustersTellWhoIsActiveAndVaultsHowTheyAreUsed() {
    String run =
        host.post("/v1/clusters/files/backups", "{ \"id\": \"b1\" }").json().get("run").asText();
    assertThat(host.get("/v1/clusters").json().get("clusters"))
        .extracting(each -> each.get("name").asText() + " " + each.get("active").asText(""))
        .containsExactly("files " + run, "other ");
    assertThat(host.get("/v1/clusters/other").json().get("vault").asText()).isEqualTo("second");
    assertThat(host.get("/v1/vaults").json().get("vaults")).hasSize(2);
    JsonNode vault = host.get("/v1/vaults/second").json();
    assertThat(vault.at("/config/CompressionLevel").asText()).isEqualTo("NoCompression");
    assertThat(vault.at("/config/ChunkSize").asInt()).isEqualTo(16);
  }

  @Test
  void aClusterIsLookedAtByWhoMayBackItUp() {
    JsonNode check = host.post("/v1/clusters/files/check", null).json();
    assertThat(check.get("name").asText()).isEqualTo("files");
    assertThat(check.get("good").asBoolean()).isTrue();
    assertThat(check.get("conditions"))
        .isNotEmpty()
        .allMatch(each -> each.get("verdict").asText().equals("GOOD"));
    assertThat(host.get("/v1/runs").json().get("runs")).isEmpty();
    assertThat(host.post("/v1/clusters/nowhere/check", null).status()).isEqualTo(404);
    assertThat(host.as("reader", "POST", "/v1/clusters/files/check", null).status()).isEqualTo(403);
  }

  @Test
  void aPolicyIsShownAndRunNowForOneOfItsClusters() {
    JsonNode nightly = host.get("/v1/policies/nightly").json();
    assertThat(nightly.get("schedule").asText()).isEqualTo("0 3 * * *");
    assertThat(host.get("/v1/policies").json().get("policies")).hasSize(2);
    assertThat(host.post("/v1/policies/nightly/run", "{}").status()).isEqualTo(422);

    String body = "{ \"cluster\": \"files\", \"id\": \"now\" }";
    JsonNode run = host.post("/v1/policies/nightly/run", body).json();
    assertThat(host.post("/v1/policies/nightly/run", body).json()).isEqualTo(run);
    host.work();
    JsonNode backup = host.get("/v1/clusters/files/backups/now").json();
    assertThat(backup.get("policy").asText()).isEqualTo("nightly");
    assertThat(backup.at("/labels/kind").asText()).isEqualTo("nightly");

    assertThat(host.post("/v1/policies/hourly/run", "{}").status()).isEqualTo(200);
    assertThat(host.post("/v1/policies/hourly/run", "{ \"cluster\": \"other\" }").status())
        .isEqualTo(422);
  }

  @Test
  void anAdminMakesAVaultWhoseStoreIsTriedFirstAndItIsMadeOnce() {
    host.store("second").delete(List.of("vault.json"));
    assertThat(host.post("/v1/vaults/second/create", null).status()).isEqualTo(403);
    JsonNode made = host.as("admin", "POST", "/v1/vaults/second/create", null).json();
    assertThat(made.get("created").asBoolean()).isTrue();
    assertThat(made.get("promises")).isNotEmpty().allMatch(each -> each.get("kept").asBoolean());
    JsonNode again = host.as("admin", "POST", "/v1/vaults/second/create", null).json();
    assertThat(again.get("created").asBoolean()).isFalse();
    assertThat(again.get("id")).isEqualTo(made.get("id"));

    JsonNode check = host.post("/v1/vaults/second/check", null).json();
    assertThat(check.get("good").asBoolean()).isTrue();
    assertThat(check.get("id")).isEqualTo(made.get("id"));
    assertThat(host.post("/v1/vaults/nowhere/check", null).status()).isEqualTo(404);
    assertThat(host.as("reader", "POST", "/v1/vaults/main/check", null).status()).isEqualTo(403);
  }

  @Test
  void aVaultIsNotMadeWhereOtherThingsLie() {
    host.store("second").delete(List.of("vault.json"));
    host.store("second").create("holiday.jpg", List.of(ByteBuffer.wrap(new byte[3])));
    Answer refused = host.as("admin", "POST", "/v1/vaults/second/create", null);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("found").asText()).contains("holiday.jpg");
    assertThat(host.store("second").head("vault.json")).isEmpty();
  }

  @Test
  void theApiTellsOfItselfToEverybody() {
    assertThat(host.send("GET", "/v1/live", null).json().get("status").asText()).isEqualTo("LIVE");
    assertThat(host.send("GET", "/v1/openapi.yaml", null).text())
        .startsWith("openapi: 3")
        .contains("/v1/clusters/{cluster}/backups/{id}/restore/plan");
  }
}
