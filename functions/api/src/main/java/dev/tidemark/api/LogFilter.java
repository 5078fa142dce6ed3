package dev.tidemark.api;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** Tells the host of every answer, those to callers who are refused included. */
@ServerFilter("/**")
final class LogFilter implements Ordered {
  private final Host host;

  LogFilter(Host host) {
    this.host = host;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @ResponseFilter
  void answered(HttpRequest<?> request, HttpResponse<?> response) {
    host.requests()
        .answered(
            AccessFilter.name(request),
            request.getMethodName(),
            request.getPath(),
            response.code());
  }
}
