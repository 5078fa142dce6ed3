package dev.tidemark.api;

import dev.tidemark.api.json.Problem;
import io.micronaut.context.annotation.Primary;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** What the server itself refuses (no such route, too large) as problem documents. */
@Singleton
@Primary
final class ServerProblems implements ErrorResponseProcessor<Problem> {
  @Override
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    ProblemKind kind = ProblemKind.ofStatus(response.code());
    String request = context.getRequest().getMethodName() + " " + context.getRequest().getPath();
    String detail =
        context.hasErrors() && kind.status() < 500
            ? context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining("; "))
            : request;
    return Problems.dressed(
        response,
        new Problem(kind.urn(), kind.title(), response.code(), detail, null, null, null, null));
  }
}
