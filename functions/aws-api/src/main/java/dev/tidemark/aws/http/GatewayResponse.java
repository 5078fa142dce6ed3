package dev.tidemark.aws.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.function.BinaryTypeConfiguration;
import io.micronaut.function.aws.proxy.AbstractServletHttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An answer as the gateway takes it. Text: the API has no other. */
final class GatewayResponse<B> extends AbstractServletHttpResponse<APIGatewayV2HTTPResponse, B> {

  GatewayResponse(ConversionService conversion, BinaryTypeConfiguration binary) {
    super(conversion, binary);
  }

  @Override
  public APIGatewayV2HTTPResponse getNativeResponse() {
    Map<String, String> all = new TreeMap<>();
    for (String name : headers.names()) {
      all.put(name.toLowerCase(Locale.ROOT), String.join(", ", headers.getAll(name)));
    }
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(status)
        .withHeaders(all)
        .withBody(body.toString(StandardCharsets.UTF_8))
        .build();
  }
}
