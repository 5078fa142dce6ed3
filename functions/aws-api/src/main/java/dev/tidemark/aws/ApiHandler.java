package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.tidemark.api.Api;
import dev.tidemark.api.RequestLog;
import dev.tidemark.aws.http.Gateway;
import dev.tidemark.aws.http.GatewayIdentity;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the requests of people and programs, one an invocation, as an HTTP API of API Gateway
 * hands them on. What they start is worked by the other functions.
 *
 * <p>The gateway finds out who asks. The role comes in the header that {@code
 * $TIDEMARK_ROLE_HEADER} names, which the gateway's integration must overwrite in every request;
 * whoever may invoke this function without it is whoever he says he is.
 */
public final class ApiHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private static final String ROLE_HEADER = "TIDEMARK_ROLE_HEADER";

  private final AwsPlatform platform;
  private final Gateway gateway;
  private volatile String gatewayRequest = "";

  /** As Lambda makes it. */
  public ApiHandler() {
    this(AwsPlatform.shared(), System.getenv());
  }

  ApiHandler(AwsPlatform platform, Map<String, String> variables) {
    this.platform = platform;
    String header = roleHeader(variables);
    this.gateway =
        new Gateway(
            Api.context(platform.control(), new GatewayIdentity(header), new Lines()).start());
    if ("snap-start".equals(variables.get("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
      // What is loaded now is in the snapshot, and nobody waits for it after a start from there.
      gateway.answer(anyRequest(header));
    }
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    platform.begin(context);
    gatewayRequest =
        Optional.ofNullable(event.getRequestContext()).map(RequestContext::getRequestId).orElse("");
    return gateway.answer(event);
  }

  private static String roleHeader(Map<String, String> variables) {
    String header = variables.getOrDefault(ROLE_HEADER, "");
    if (header.isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "environment of the function")
          .expected("the variable " + ROLE_HEADER + ", a header that the gateway overwrites")
          .found("none of that name")
          .hint("Terraform's module sets both; without the header nobody has a role");
    }
    return header;
  }

  private static APIGatewayV2HTTPEvent anyRequest(String roleHeader) {
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRawPath("/v1/clusters")
        .withHeaders(Map.of(roleHeader, "reader"))
        .withRequestContext(
            RequestContext.builder()
                .withHttp(RequestContext.Http.builder().withMethod("GET").build())
                .build())
        .build();
  }

  /** A line for each request, with its id to Lambda and to the gateway. */
  private final class Lines implements RequestLog {
    @Override
    public void answered(String caller, String method, String path, int status) {
      platform
          .log()
          .info(
              "api.request",
              Map.of(
                  "gateway", gatewayRequest,
                  "caller", caller,
                  "method", method,
                  "path", path,
                  "status", status));
    }

    @Override
    public void failed(String method, String path, RuntimeException failure) {
      platform
          .log()
          .error(
              "api.failed",
              Map.of("gateway", gatewayRequest, "method", method, "path", path),
              failure);
    }
  }
}
