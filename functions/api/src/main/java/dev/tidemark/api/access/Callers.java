package dev.tidemark.api.access;

import io.micronaut.http.HttpRequest;

/** Tells who sends a request. */
public interface Callers {

  /**
   * @throws AccessDenied where that is not known
   */
  Caller caller(HttpRequest<?> request);
}
