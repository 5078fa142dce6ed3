package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.api.TestHost.Answer;
import io.micronaut.function.aws.proxy.payload2.APIGatewayV2HTTPEventFunction;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same controllers as a function behind API Gateway: its events get the server's answers. */
class LambdaTest {
  private static final String BACKUPS = "/v1/clusters/files/backups";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestHost host = TestHost.start();
  private final APIGatewayV2HTTPEventFunction function =
      new APIGatewayV2HTTPEventFunction(host.context());

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void anEventOfTheGatewayGetsTheAnswerOfTheServer() {
    assertAlike("GET", "/v1/live", "", null);
    assertAlike("GET", "/v1/clusters", "", null);
    assertAlike("GET", "/v1/vaults/second", "", null);
    assertAlike("POST", BACKUPS, "", "{ \"id\": \"b1\", \"labels\": { \"k\": \"v\" } }");
    assertAlike("POST", BACKUPS, "", "{ \"id\": \"b2\" }");
    host.work();
    assertAlike("GET", BACKUPS, "limit=1", null);
    assertAlike("GET", BACKUPS, "status=FAILED&status=SUCCESS", null);
    assertAlike("GET", BACKUPS, "label=k%3Dv", null);
    assertAlike("GET", BACKUPS + "/b1", "", null);
    assertAlike("GET", BACKUPS + "/b1/contents", "path=docs%2Fs1%2Fsegments%2F3%252Cx", null);
    assertAlike("POST", BACKUPS + "/b1/restore/plan", "", "{}");
    assertAlike("GET", "/v1/runs", "", null);
  }

  @Test
  void whatIsRefusedIsRefusedAlike() {
    assertAlike("POST", BACKUPS, "", "{ \"idd\": 1 }");
    assertAlike("POST", BACKUPS, "", "{");
    assertAlike("GET", BACKUPS, "limit=0", null);
    assertAlike("GET", BACKUPS, "limit=x", null);
    assertAlike("GET", "/v1/nothing", "", null);
    assertAlike("PUT", "/v1/clusters", "", null);
    APIGatewayV2HTTPEvent nobody = event("GET", "/v1/clusters", "", null);
    nobody.getHeaders().remove("authorization");
    APIGatewayV2HTTPResponse refused = function.handleRequest(nobody, null);
    assertThat(refused.getStatusCode()).isEqualTo(401);
    assertThat(header(refused, "www-authenticate")).isEqualTo("Bearer");
  }

  private void assertAlike(String method, String path, String query, @Nullable String body) {
    String asked = method + " " + path + "?" + query;
    Answer expected = host.as("admin", method, query.isEmpty() ? path : path + "?" + query, body);
    APIGatewayV2HTTPResponse found = function.handleRequest(event(method, path, query, body), null);
    assertThat(found.getStatusCode()).as(asked).isEqualTo(expected.status());
    assertThat(json(found.getBody())).as(asked).isEqualTo(expected.json());
    assertThat(header(found, "content-type")).as(asked).isEqualTo(expected.header("Content-Type"));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  private static String header(APIGatewayV2HTTPResponse response, String name) {
    return response.getHeaders().entrySet().stream()
        .filter(each -> each.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  /** As API Gateway makes them: names in lower case, values of one name joined by commas. */
  private APIGatewayV2HTTPEvent event(
      String method, String path, String query, @Nullable String body) {
    var event = new APIGatewayV2HTTPEvent();
    event.setVersion("2.0");
    event.setRawPath(path);
    event.setRawQueryString(query);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] pair = part.split("=", 2);
      String value = URLDecoder.decode(pair[1], StandardCharsets.UTF_8);
      parameters.merge(pair[0], value, (a, b) -> a + "," + b);
    }
    event.setQueryStringParameters(parameters);
    Map<String, String> headers = new HashMap<>();
    headers.put("authorization", "Bearer " + host.token("admin"));
    if (body != null) {
      headers.put("content-type", "application/json");
    }
    event.setHeaders(headers);
    event.setBody(body);
    var context = new RequestContext();
    var http = new RequestContext.Http();
    http.setMethod(method);
    http.setPath(path);
    context.setHttp(http);
    event.setRequestContext(context);
    return event;
  }
}
