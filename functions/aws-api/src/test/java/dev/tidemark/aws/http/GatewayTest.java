package dev.tidemark.aws.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.api.TestHost;
import dev.tidemark.api.TestHost.Answer;
import dev.tidemark.core.failure.PermanentFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The same controllers behind API Gateway: its events get the server's answers. */
class GatewayTest {
  private static final Path OPENAPI = Path.of("..", "api", "openapi.yaml");
  private static final String BACKUPS = "/v1/clusters/files/backups";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestHost host = TestHost.start(new GatewayIdentity(GatewayEvent.ROLE_HEADER));
  private final Gateway gateway = new Gateway(host.context());

  /** {@code METHOD /path}, as they were asked for. */
  private final List<String> asked = new ArrayList<>();

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void anEventOfEachRouteGetsTheAnswerOfTheServer() throws IOException {
    alike("GET", "/v1/clusters", null);
    alike("GET", "/v1/clusters/files", null);
    alike("POST", "/v1/clusters/files/check", null);
    alike("GET", "/v1/vaults", null);
    alike("GET", "/v1/vaults/second", null);
    alike("POST", "/v1/vaults/second/create", null);
    alike("POST", "/v1/vaults/second/check", null);
    alike("GET", "/v1/policies", null);
    alike("GET", "/v1/policies/nightly", null);

    alike("POST", BACKUPS, "{ \"id\": \"b1\", \"labels\": { \"k\": \"v,w\" } }");
    host.work();
    alike("GET", "/v1/backups?limit=1", null);
    alike("GET", BACKUPS + "?status=FAILED&status=SUCCESS", null);
    alike("GET", BACKUPS + "/b1", null);
    alike("GET", BACKUPS + "/b1/contents?path=docs%2Fs1", null);
    alike("POST", BACKUPS + "/b1/verify", "{ \"percent\": 100 }");
    host.work();
    alike("POST", BACKUPS + "/b1/restore/plan", "{ \"suffix\": \"_x\" }");
    String restore = run(alike("POST", BACKUPS + "/b1/restore", "{ \"suffix\": \"_x\" }"));
    alike("GET", "/v1/runs", null);
    alike("GET", "/v1/runs/" + restore, null);
    alike("GET", "/v1/restores/" + restore, null);
    alike("POST", "/v1/restores/" + restore + "/cancel", null);
    host.work();
    alike("POST", "/v1/restores/" + restore + "/resume", null);

    String policy = "/v1/policies/nightly/run";
    String run = run(alike("POST", policy, "{ \"cluster\": \"files\", \"id\": \"b2\" }"));
    alike("POST", BACKUPS + "/b2/cancel", null);
    alike("POST", "/v1/runs/" + run + "/cancel", null);
    host.work();
    alike("POST", BACKUPS + "/b2/resume", null);

    for (String operation : operations()) {
      assertThat(asked)
          .as("an event of " + operation)
          .anyMatch(each -> each.matches(operation.replaceAll("\\{[a-z]+}", "[^/]+")));
    }
  }

  @Test
  void whatIsOpenIsOpenAndWhatIsRefusedIsRefusedAlike() {
    alike("GET", "/v1/live", null);
    refusedAlike("POST", BACKUPS, "{ \"idd\": 1 }", 422);
    refusedAlike("POST", BACKUPS, "{", 400);
    refusedAlike("POST", BACKUPS, null, 400);
    refusedAlike("GET", BACKUPS + "?limit=0", null, 422);
    refusedAlike("GET", BACKUPS + "?limit=x", null, 400);
    refusedAlike("GET", "/v1/nothing", null, 404);
    refusedAlike("GET", "/nothing", null, 404);
    refusedAlike("PUT", "/v1/clusters", null, 405);
    refusedAlike("GET", BACKUPS + "/b%20%C3%A9", null, 422);
    assertThat(answer("PUT", "/v1/clusters", "admin", null).getHeaders()).containsKey("allow");
  }

  @Test
  void aRoleIsWhatTheGatewayWroteOnce() {
    assertThat(answer("GET", BACKUPS, "reader", null).getStatusCode()).isEqualTo(200);
    APIGatewayV2HTTPResponse lesser = answer("POST", BACKUPS, "reader", "{ \"id\": \"b1\" }");
    assertThat(lesser.getStatusCode()).isEqualTo(403);
    assertThat(json(lesser).get("expected").asText()).isEqualTo("role operator");
    assertThat(answer("POST", "/v1/vaults/main/create", "operator", null).getStatusCode())
        .isEqualTo(403);

    GatewayEvent nobody = GatewayEvent.of("GET", BACKUPS, "admin").withoutRole();
    assertUnknown(nobody);
    assertUnknown(GatewayEvent.of("GET", BACKUPS, "ADMIN"));
    assertUnknown(GatewayEvent.of("GET", BACKUPS, "reader,admin"));
    GatewayEvent twice = GatewayEvent.of("GET", BACKUPS, "reader");
    assertUnknown(twice.header(GatewayEvent.ROLE_HEADER.toLowerCase(Locale.ROOT), "admin"));
    assertThat(json(answer("GET", BACKUPS, "reader", null)).get("backups"))
        .as("started by none of them")
        .isEmpty();
  }

  private void assertUnknown(GatewayEvent event) {
    APIGatewayV2HTTPResponse refused = gateway.answer(event.read());
    assertThat(refused.getStatusCode()).isEqualTo(401);
    assertThat(refused.getHeaders()).containsKey("www-authenticate");
    assertThat(refused.getHeaders().get("content-type")).isEqualTo("application/problem+json");
  }

  @Test
  void theLogNamesWhomTheGatewayKnows() {
    answer("GET", BACKUPS, "reader", null);
    gateway.answer(GatewayEvent.of("GET", BACKUPS, "reader").subject("ada@acme.example").read());
    assertThat(host.log)
        .containsExactly(
            GatewayEvent.CALLER + " GET " + BACKUPS + " 200",
            "ada@acme.example GET " + BACKUPS + " 200");
  }

  @Test
  void aCommaInAValueOfTheQueryStaysInIt() {
    answer("POST", BACKUPS, "admin", "{ \"id\": \"b1\", \"labels\": { \"k\": \"v,w\" } }");
    answer("POST", BACKUPS, "admin", "{ \"id\": \"b2\", \"labels\": { \"k\": \"v\" } }");
    host.work();
    JsonNode both = alike("GET", BACKUPS + "?label=k%3Dv%2Cw", null);
    assertThat(both.get("backups")).hasSize(1);
    assertThat(alike("GET", BACKUPS + "?label=k=v,w&label=k=v%2Cw", null)).isEqualTo(both);
    String path = "/b1/contents?path=docs/s1/segments/3%2Cx&path=docs/s1/segments/4,x";
    assertThat(alike("GET", BACKUPS + path, null).get("entries")).hasSize(2);
    alike("GET", BACKUPS + "?status=FAILED,SUCCESS", null);
    alike(
        "GET", BACKUPS + "?status=SUCCESS&vault=main&&since=2026-01-01T00%3A00%3A00%2B01:00", null);
  }

  @Test
  void aQueryThatIsNotEncodedAsItMustBeIsRefused() {
    APIGatewayV2HTTPResponse refused = answer("GET", BACKUPS + "?label=%zz", "admin", null);
    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(json(refused).get("detail").asText()).contains("found '%zz'");
  }

  @Test
  void aBodyOfBytesIsReadAndOneThatIsNoneIsRefused() {
    String body = "{ \"id\": \"b1\", \"labels\": { \"k\": \"\u00fc\" } }";
    APIGatewayV2HTTPEvent event = GatewayEvent.of("POST", BACKUPS, "admin").base64(body).read();
    assertThat(event.getIsBase64Encoded()).isTrue();
    assertThat(json(gateway.answer(event)).get("id").asText()).isEqualTo("b1");
    host.work();
    assertThat(json(answer("GET", BACKUPS + "/b1", "admin", null)).at("/labels/k").asText())
        .isEqualTo("\u00fc");

    event.setBody("not base64!");
    APIGatewayV2HTTPResponse refused = gateway.answer(event);
    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(json(refused).get("detail").asText()).contains("base64");
  }

  @Test
  void aStageOrABasePathBeforeTheRouteIsTheGateways() {
    JsonNode plain = json(answer("GET", "/v1/clusters", "reader", null));
    assertThat(json(answer("GET", "/prod/v1/clusters", "reader", null))).isEqualTo(plain);
    assertThat(json(answer("GET", "/backups/eu/v1/clusters", "reader", null))).isEqualTo(plain);
    assertThat(answer("GET", "/v1beta/clusters", "reader", null).getStatusCode()).isEqualTo(404);
    assertThat(answer("GET", "//v1/clusters", "reader", null).getStatusCode()).isEqualTo(200);
    assertThat(answer("GET", "/v1/clusters/v1", "reader", null).getStatusCode()).isEqualTo(404);
  }

  @Test
  void anAnswerThatLambdaWouldNotTakeIsRefusedWithWhatToDo() {
    for (int i = 0; i < 1_000; i++) {
      host.engine("files").write("docs", "s1", "n" + i + "/" + "\"".repeat(5_000), new byte[] {1});
    }
    answer("POST", BACKUPS, "admin", "{ \"id\": \"b1\" }");
    host.work();
    APIGatewayV2HTTPResponse large =
        answer("GET", BACKUPS + "/b1/contents?limit=1000", "reader", null);
    assertThat(large.getStatusCode()).isEqualTo(422);
    assertThat(large.getHeaders().get("content-type")).isEqualTo("application/problem+json");
    assertThat(json(large).get("hint").asText()).contains("a smaller limit");

    APIGatewayV2HTTPResponse page =
        answer("GET", BACKUPS + "/b1/contents?limit=200", "reader", null);
    assertThat(json(page).get("entries")).hasSize(200);
    assertThat(json(page).get("next").asText()).isNotEmpty();
  }

  @Test
  void whatIsNoEventOfAnHttpApiIsRefusedAsAWhole() {
    assertThatThrownBy(() -> gateway.answer(new APIGatewayV2HTTPEvent()))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("payload format 2.0");
    APIGatewayV2HTTPEvent older = GatewayEvent.of("GET", BACKUPS, "admin").read();
    older.setVersion("1.0");
    assertThatThrownBy(() -> gateway.answer(older)).hasMessageContaining("found version 1.0");
  }

  private void refusedAlike(String method, String path, @Nullable String body, int status) {
    assertThat(alike(method, path, body).get("status").asInt()).as(path).isEqualTo(status);
  }

  /** What both answer; the server first, so that it is the gateway's that must not differ. */
  private JsonNode alike(String method, String path, @Nullable String body) {
    String request = method + " " + path;
    asked.add(method + " " + path.replaceFirst("[?].*", ""));
    Answer expected = host.send(method, path, body, GatewayEvent.ROLE_HEADER, "admin");
    APIGatewayV2HTTPResponse found = answer(method, path, "admin", body);
    assertThat(found.getStatusCode()).as(request).isEqualTo(expected.status());
    assertThat(json(found)).as(request).isEqualTo(expected.json());
    assertThat(found.getHeaders().get("content-type"))
        .as(request)
        .isEqualTo(expected.header("Content-Type"));
    return expected.json();
  }

  private APIGatewayV2HTTPResponse answer(
      String method, String path, String role, @Nullable String body) {
    return gateway.answer(GatewayEvent.of(method, path, role).body(body).read());
  }

  private static String run(JsonNode answer) {
    return answer.get("run").asText();
  }

  private static JsonNode json(APIGatewayV2HTTPResponse response) {
    try {
      return JSON.readTree(response.getBody());
    } catch (JsonProcessingException e) {
      throw new AssertionError(response.getBody(), e);
    }
  }

  /** {@code METHOD /path/{variable}} of the document that is checked in. */
  private static List<String> operations() throws IOException {
    List<String> operations = new ArrayList<>();
    String text = Files.readString(OPENAPI, StandardCharsets.UTF_8);
    var document = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    var paths = (Map<?, ?>) requireNonNull(document.get("paths"));
    paths.forEach(
        (path, item) ->
            ((Map<?, ?>) item)
                .keySet()
                .forEach(
                    method ->
                        operations.add(method.toString().toUpperCase(Locale.ROOT) + " " + path)));
    assertThat(operations).hasSizeGreaterThan(20);
    return operations;
  }
}
