package dev.tidemark.aws.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as an HTTP API makes it of a request: the path decoded, the query as it came and beside
 * it decoded, with all values of a name joined by commas; names of headers in lower case.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">the
 *     payload</a>
 */
public final class GatewayEvent {
  public static final String ROLE_HEADER = "X-Tidemark-Role";
  public static final String CALLER = "arn:aws:iam::111122223333:user/ada";
  public static final String REQUEST = "JKJaXmPLvHcESHA=";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode event = JSON.createObjectNode();

  private GatewayEvent() {}

  /**
   * @param asked a path with its query, both encoded
   * @param role what the gateway's integration writes
   */
  public static GatewayEvent of(String method, String asked, String role) {
    int mark = (asked + "?").indexOf('?');
    String path = decoded(asked.substring(0, mark));
    String query = asked.substring(Math.min(mark + 1, asked.length()));
    var made = new GatewayEvent();
    ObjectNode event = made.event;
    event.put("version", "2.0").put("routeKey", "$default");
    event.put("rawPath", path).put("rawQueryString", query);
    made.header("x-amzn-trace-id", "Root=1-0-0")
        .header("accept", "*/*")
        .header("host", "x.example");
    made.header(ROLE_HEADER, role);
    if (!query.isEmpty()) {
      ObjectNode parameters = event.putObject("queryStringParameters");
      parameters(query).forEach(parameters::put);
    }
    ObjectNode context = event.putObject("requestContext");
    context.put("accountId", "111122223333").put("apiId", "abcdefghij");
    context.put("domainName", "abcdefghij.execute-api.eu-central-1.amazonaws.com");
    context.put("requestId", REQUEST).put("routeKey", "$default").put("stage", "$default");
    context.put("time", "21/Nov/2026:03:00:00 +0000").put("timeEpoch", 1795230000000L);
    context.putObject("authorizer").putObject("iam").put("userArn", CALLER);
    ObjectNode http = context.putObject("http").put("method", method).put("path", path);
    http.put("protocol", "HTTP/1.1").put("sourceIp", "192.0.2.1").put("userAgent", "curl/8");
    event.put("isBase64Encoded", false);
    return made;
  }

  GatewayEvent header(String name, String value) {
    event.withObject("/headers").put(name, value);
    return this;
  }

  /** As if the gateway had not written the role. */
  public GatewayEvent withoutRole() {
    event.withObject("/headers").remove(ROLE_HEADER);
    return this;
  }

  /** With a body of JSON, if any. */
  public GatewayEvent body(@Nullable String json) {
    if (json != null) {
      event.put("body", json);
      header("content-type", "application/json");
    }
    return this;
  }

  /** With a body of bytes that the gateway does not take for text. */
  GatewayEvent base64(String json) {
    body(Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
    event.put("isBase64Encoded", true);
    return this;
  }

  /** Of the authorizer for JSON web tokens. */
  GatewayEvent subject(String subject) {
    ObjectNode authorizer = event.withObject("/requestContext").putObject("authorizer");
    authorizer.putObject("jwt").putObject("claims").put("sub", subject);
    return this;
  }

  /** What Lambda's runtime makes of it for a handler. */
  APIGatewayV2HTTPEvent read() {
    return LambdaEventSerializers.serializerFor(
            APIGatewayV2HTTPEvent.class, GatewayEvent.class.getClassLoader())
        .fromJson(new ByteArrayInputStream(json().getBytes(StandardCharsets.UTF_8)));
  }

  public String json() {
    return event.toString();
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : query.split("&", -1)) {
      if (!part.isEmpty()) {
        String[] pair = part.split("=", 2);
        parameters.merge(decoded(pair[0]), decoded(pair[1]), (a, b) -> a + "," + b);
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
