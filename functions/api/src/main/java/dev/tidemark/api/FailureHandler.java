package dev.tidemark.api;

import dev.tidemark.api.json.Problem;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers failures of controllers and filters. */
@Singleton
final class FailureHandler implements ExceptionHandler<RuntimeException, HttpResponse<Problem>> {
  private final Host host;

  FailureHandler(Host host) {
    this.host = host;
  }

  @Override
  public HttpResponse<Problem> handle(
      @SuppressWarnings("rawtypes") HttpRequest request, RuntimeException failure) {
    Problem problem = Problems.of(failure);
    if (problem.status() >= 500) {
      host.requests().failed(request.getMethodName(), request.getPath(), failure);
    }
    return Problems.response(problem);
  }
}
