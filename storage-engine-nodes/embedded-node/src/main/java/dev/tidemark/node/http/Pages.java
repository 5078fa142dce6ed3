package dev.tidemark.node.http;

import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.storage.ImportOutcome;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;

/** What the routes of collections and of shards have in common. */
final class Pages {
  static final String DEFAULT_LIMIT = "100";
  private static final int MAX_LIMIT = 1000;

  private Pages() {}

  static int checked(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw NodeFailure.invalid("limit", "1 to " + MAX_LIMIT, limit);
    }
    return limit;
  }

  static HttpResponse<ImportOutcome> imported(ImportOutcome outcome) {
    return HttpResponse.<ImportOutcome>status(
            outcome.errors().isEmpty() ? HttpStatus.OK : HttpStatus.MULTI_STATUS)
        .body(outcome);
  }
}
