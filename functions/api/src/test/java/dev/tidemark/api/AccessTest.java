package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.api.TestHost.Answer;
import dev.tidemark.api.access.GatewayCallers;
import dev.tidemark.api.access.LoopbackCallers;
import dev.tidemark.api.access.Token;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessTest {
  private static final String BACKUPS = "/v1/clusters/files/backups";
  private static final String BODY = "{ \"id\": \"b1\" }";

  @Test
  void whoHasNoTokenIsToldWhatIsMissingAndNothingElse() {
    try (TestHost host = TestHost.start()) {
      for (String header :
          List.of("Bearer wrong", "Bearer", "Bearer ", "Basic eDp5", host.token("admin"))) {
        Answer answer = host.send("GET", "/v1/backups", null, "Authorization", header);
        assertThat(answer.status()).as(header).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.text()).doesNotContain(host.token("admin")).doesNotContain("sha256");
      }
      assertThat(host.send("GET", "/v1/backups", null).status()).isEqualTo(401);
      assertThat(host.send("GET", "/v1/nothing", null).status()).isEqualTo(401);
      assertThat(host.send("POST", BACKUPS, "not json").status()).isEqualTo(401);
    }
  }

  @Test
  void eachRoleMayWhatThoseBeforeItMayAndTheLogNamesItWithoutItsToken() {
    try (TestHost host = TestHost.start()) {
      for (String role : List.of("reader", "operator", "admin")) {
        assertThat(host.as(role, "GET", "/v1/backups", null).status()).isEqualTo(200);
      }
      Answer refused = host.as("reader", "POST", BACKUPS, BODY);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.json().get("expected").asText()).isEqualTo("role operator");
      assertThat(refused.json().get("found").asText()).isEqualTo("role reader");
      assertThat(host.as("reader", "POST", BACKUPS + "/b1/cancel", null).status()).isEqualTo(403);
      assertThat(host.as("operator", "POST", BACKUPS, BODY).status()).isEqualTo(200);
      assertThat(host.as("admin", "POST", BACKUPS, BODY).status()).isEqualTo(200);

      assertThat(host.log)
          .contains("watcher POST " + BACKUPS + " 403", "ci POST " + BACKUPS + " 200")
          .contains("boss GET /v1/backups 200");
      assertThat(String.join("\n", host.log)).doesNotContain(Token.PREFIX);
    }
  }

  @Test
  void behindAGatewayTheRoleIsWhatTheGatewaySays() {
    try (TestHost host = TestHost.start(new GatewayCallers("X-Role"))) {
      assertThat(host.send("GET", "/v1/backups", null, "X-Role", "reader").status()).isEqualTo(200);
      assertThat(host.send("POST", BACKUPS, BODY, "X-Role", "reader").status()).isEqualTo(403);
      assertThat(host.send("POST", BACKUPS, BODY, "X-Role", "operator").status()).isEqualTo(200);
      assertThat(host.send("GET", "/v1/backups", null, "X-Role", "ADMIN").status()).isEqualTo(401);
      assertThat(host.send("GET", "/v1/backups", null).status()).isEqualTo(401);
      Answer twice = host.send("GET", "/v1/backups", null, "X-Role", "admin,reader");
      assertThat(twice.status()).isEqualTo(401);
    }
  }

  @Test
  void withoutTokensAProgramOfThisMachineMayAskAndAPageInABrowserMayNot() {
    try (TestHost host = TestHost.start(new LoopbackCallers())) {
      assertThat(host.send("GET", "/v1/backups", null).status()).isEqualTo(200);
      assertThat(host.send("POST", BACKUPS, BODY).status()).isEqualTo(200);
      Answer page =
          host.send("POST", BACKUPS + "/b1/cancel", null, "Origin", "https://elsewhere.example");
      assertThat(page.status()).as(page.text()).isIn(401, 403);
    }
  }
}
