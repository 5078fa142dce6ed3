package dev.tidemark.aws.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.function.aws.proxy.ApiGatewayServletRequest;
import io.micronaut.function.aws.proxy.MapListOfStringAndMapStringMutableHttpParameters;
import io.micronaut.http.CaseInsensitiveMutableHttpHeaders;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpHeaders;
import io.micronaut.http.MutableHttpParameters;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.servlet.http.BodyBuilder;
import io.micronaut.servlet.http.ServletHttpResponse;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request as an event of the gateway tells it. */
final class GatewayRequest<B>
    extends ApiGatewayServletRequest<B, APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayRequest.class);
  private static final String ROOT = "/v1";

  private final GatewayResponse<Object> response;

  GatewayRequest(
      APIGatewayV2HTTPEvent event,
      GatewayResponse<Object> response,
      ConversionService conversion,
      BodyBuilder bodies) {
    super(
        conversion,
        event,
        uri(event.getRawPath()),
        parseMethod(() -> event.getRequestContext().getHttp().getMethod()),
        LOG,
        bodies);
    this.response = response;
    GatewayIdentity.note(event, this);
  }

  /** Without a stage or a domain's base path, and encoded again: the gateway has decoded it. */
  private static URI uri(String path) {
    int root = (path + "/").indexOf(ROOT + "/");
    return URI.create(
        Arrays.stream(path.substring(Math.max(root, 0)).split("/", -1))
            .dropWhile(String::isEmpty)
            .map(segment -> URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/", "/", "")));
  }

  @Override
  public MutableHttpParameters getParameters() {
    return new MapListOfStringAndMapStringMutableHttpParameters(
        conversionService, parameters(requestEvent.getRawQueryString()), Map.of());
  }

  private static Map<String, List<String>> parameters(@Nullable String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = (pair + "=").indexOf('=');
        parameters
            .computeIfAbsent(decoded(pair.substring(0, equals)), name -> new ArrayList<>())
            .add(decoded(pair.substring(Math.min(equals + 1, pair.length()))));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("the query: expected escapes like %2C, found '" + text + "'");
    }
  }

  /** Empty where there is none, which the controllers refuse in their own words. */
  @Override
  public byte[] getBodyBytes() {
    String body = requestEvent.getBody() == null ? "" : requestEvent.getBody();
    try {
      return requestEvent.getIsBase64Encoded()
          ? Base64.getDecoder().decode(body)
          : body.getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("the body: expected base64, as the event says, found something else");
    }
  }

  private static HttpStatusException malformed(String what) {
    return new HttpStatusException(HttpStatus.BAD_REQUEST, what);
  }

  @Override
  public MutableHttpHeaders getHeaders() {
    // Unchecked: the gateway has read them as headers.
    var headers = new CaseInsensitiveMutableHttpHeaders(false, conversionService);
    Map<String, String> given = requestEvent.getHeaders();
    if (given != null) {
      given.forEach(headers::add);
    }
    return headers;
  }

  @Override
  public ServletHttpResponse<APIGatewayV2HTTPResponse, ?> getResponse() {
    return response;
  }
}
