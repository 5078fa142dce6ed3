package dev.tidemark.node.http;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.failure.Problem;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures of the node as problem documents. */
@Singleton
final class NodeFailureHandler implements ExceptionHandler<NodeFailure, HttpResponse<Problem>> {
  private static final Logger LOG = LoggerFactory.getLogger(NodeFailureHandler.class);

  @Override
  public HttpResponse<Problem> handle(
      @SuppressWarnings("rawtypes") HttpRequest request, NodeFailure failure) {
    if (failure.kind() == Kind.INTERNAL) {
      LOG.error("{} {} failed", request.getMethodName(), request.getPath(), failure);
    }
    return response(failure.problem());
  }

  static HttpResponse<Problem> response(Problem problem) {
    return HttpResponse.<Problem>status(problem.status(), problem.title())
        .contentType(Problem.MEDIA_TYPE)
        .body(problem);
  }
}
