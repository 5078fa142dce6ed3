package dev.tidemark.aws.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.api.ProblemKind;
import dev.tidemark.api.json.Problem;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.function.BinaryTypeConfiguration;
import io.micronaut.servlet.http.BodyBuilder;
import io.micronaut.servlet.http.ServletExchange;
import io.micronaut.servlet.http.ServletHttpHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers the events of an HTTP API by the controllers of a context. */
public final class Gateway {
  /**
   * Of an answer's text as it stands in the JSON of an invocation, of which Lambda takes 6 MiB: the
   * rest is for headers.
   */
  static final int MAX_ANSWER_BYTES = 6_000_000;

  private static final String VERSION = "2.0";

  private final Handler handler;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param context of the API, started
   */
  public Gateway(ApplicationContext context) {
    this.handler = new Handler(context);
  }

  /**
   * What the API answers. A request that is refused has an answer too.
   *
   * @throws PermanentFailure INVALID where the event is not one of an HTTP API
   */
  public APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) {
    requireRequest(event);
    APIGatewayV2HTTPResponse answer =
        handler.exchange(event, new APIGatewayV2HTTPResponse()).getResponse().getNativeResponse();
    int size = size(answer.getBody());
    return size <= MAX_ANSWER_BYTES ? answer : tooLarge(size);
  }

  private static void requireRequest(APIGatewayV2HTTPEvent event) {
    boolean isRequest =
        VERSION.equals(event.getVersion())
            && event.getRawPath() != null
            && event.getRequestContext() != null
            && event.getRequestContext().getHttp() != null
            && event.getRequestContext().getHttp().getMethod() != null;
    if (!isRequest) {
      throw PermanentFailure.of(Kind.INVALID, "event of the API")
          .expected("a request in API Gateway's payload format " + VERSION)
          .found(event.getVersion() == null ? "something else" : "version " + event.getVersion())
          .hint("an HTTP API with payload_format_version " + VERSION + " sends it");
    }
  }

  private static int size(@Nullable String body) {
    return body == null ? 0 : JsonStringEncoder.getInstance().quoteAsUTF8(body).length;
  }

  private APIGatewayV2HTTPResponse tooLarge(int size) {
    var problem =
        new Problem(
            ProblemKind.INVALID.urn(),
            ProblemKind.INVALID.title(),
            ProblemKind.INVALID.status(),
            "the answer",
            "at most " + MAX_ANSWER_BYTES + " bytes, since a function can answer no more",
            size + " bytes",
            "ask for less: a smaller limit, or fewer collections",
            null);
    try {
      return APIGatewayV2HTTPResponse.builder()
          .withStatusCode(problem.status())
          .withHeaders(Map.of("content-type", Problem.MEDIA_TYPE))
          .withBody(json.writeValueAsString(problem))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is JSON", e);
    }
  }

  private static final class Handler
      extends ServletHttpHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    private final BodyBuilder bodies;
    private final BinaryTypeConfiguration binary;

    Handler(ApplicationContext context) {
      super(context, context.getBean(ConversionService.class));
      this.bodies = context.getBean(BodyBuilder.class);
      this.binary = context.getBean(BinaryTypeConfiguration.class);
    }

    @Override
    protected ServletExchange<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> createExchange(
        APIGatewayV2HTTPEvent event, APIGatewayV2HTTPResponse unused) {
      ConversionService conversion = applicationContext.getConversionService();
      return new GatewayRequest<>(
          event, new GatewayResponse<>(conversion, binary), conversion, bodies);
    }
  }
}
