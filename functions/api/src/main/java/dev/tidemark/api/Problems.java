package dev.tidemark.api;

import dev.tidemark.api.access.AccessDenied;
import dev.tidemark.api.json.Problem;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import org.jspecify.annotations.Nullable;

/** Failures as problem documents. */
final class Problems {
  private static final String RETRY_AFTER_SECONDS = "5";

  private Problems() {}

  static Problem of(Throwable failure) {
    if (failure instanceof PermanentFailure permanent) {
      return new Problem(
          ProblemKind.of(permanent.kind()).urn(),
          ProblemKind.of(permanent.kind()).title(),
          ProblemKind.of(permanent.kind()).status(),
          permanent.subject(),
          emptyAsNull(permanent.expected()),
          emptyAsNull(permanent.found()),
          emptyAsNull(permanent.hint()),
          emptyAsNull(permanent.run()));
    }
    if (failure instanceof TransientFailure) {
      return problem(
          ProblemKind.UNAVAILABLE,
          String.valueOf(failure.getMessage()),
          "it may pass by itself; try again");
    }
    if (failure instanceof MalformedRequest malformed) {
      return new Problem(
          malformed.kind().urn(),
          malformed.kind().title(),
          malformed.kind().status(),
          malformed.subject(),
          malformed.expected(),
          malformed.found(),
          null,
          null);
    }
    if (failure instanceof AccessDenied denied) {
      ProblemKind kind = denied.isKnown() ? ProblemKind.FORBIDDEN : ProblemKind.UNAUTHENTICATED;
      return new Problem(
          kind.urn(),
          kind.title(),
          kind.status(),
          "this request",
          denied.expected(),
          denied.found(),
          null,
          null);
    }
    // Not its message, which is written for nobody and may hold anything.
    return problem(
        ProblemKind.FAILED,
        "unexpected " + failure.getClass().getSimpleName(),
        "the server's log tells more");
  }

  static Problem problem(ProblemKind kind, String detail, @Nullable String hint) {
    return new Problem(kind.urn(), kind.title(), kind.status(), detail, null, null, hint, null);
  }

  static MutableHttpResponse<Problem> response(Problem problem) {
    return dressed(HttpResponse.status(problem.status(), problem.title()), problem);
  }

  /** Makes a response one that tells of a problem. */
  static MutableHttpResponse<Problem> dressed(MutableHttpResponse<?> response, Problem problem) {
    if (problem.status() == ProblemKind.UNAVAILABLE.status()) {
      response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if (problem.status() == ProblemKind.UNAUTHENTICATED.status()) {
      response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    return response.body(problem).contentType(Problem.MEDIA_TYPE);
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
