package dev.tidemark.node.http;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.Problem;
import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** What the server itself refuses (no such route, no JSON, too large) as problem documents. */
@Singleton
@Primary
final class ProblemProcessor implements ErrorResponseProcessor<Problem> {
  @Override
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    Kind kind = kind(response.code());
    String detail =
        context.hasErrors()
            ? context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining("; "))
            : context.getRequest().getMethodName() + " " + context.getRequest().getPath();
    var problem = new Problem(kind.urn(), kind.title(), response.code(), detail, null, null, null);
    return response.<Problem>body(problem).contentType(Problem.MEDIA_TYPE);
  }

  private static Kind kind(int status) {
    if (status >= HttpStatus.INTERNAL_SERVER_ERROR.getCode()) {
      return Kind.INTERNAL;
    }
    return switch (HttpStatus.valueOf(status)) {
      case NOT_FOUND -> Kind.NOT_FOUND;
      case REQUEST_ENTITY_TOO_LARGE -> Kind.TOO_LARGE;
      default -> Kind.INVALID_REQUEST;
    };
  }
}
