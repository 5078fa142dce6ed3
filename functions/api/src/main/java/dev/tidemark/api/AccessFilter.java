package dev.tidemark.api;

import dev.tidemark.api.access.AccessDenied;
import dev.tidemark.api.access.Caller;
import dev.tidemark.core.config.Role;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Set;

/** Lets through who may ask for what, before anything of the request's body is read. */
@ServerFilter("/**")
final class AccessFilter {
  private static final String CALLER = "tidemark.caller";
  private static final Set<String> OPEN = Set.of(MetaController.LIVE, MetaController.OPENAPI);
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Host host;

  AccessFilter(Host host) {
    this.host = host;
  }

  @RequestFilter
  void check(HttpRequest<?> request) {
    if (OPEN.contains(request.getPath())) {
      return;
    }
    Caller caller = host.callers().caller(request);
    request.setAttribute(CALLER, caller);
    require(request, SAFE.contains(request.getMethod()) ? Role.READER : Role.OPERATOR);
  }

  /** The caller's name; empty where nobody knows who asks. */
  static String name(HttpRequest<?> request) {
    return request.getAttribute(CALLER, Caller.class).map(Caller::name).orElse("");
  }

  /**
   * @throws AccessDenied where the caller of this request has a lesser role
   */
  static void require(HttpRequest<?> request, Role role) {
    Caller caller =
        request
            .getAttribute(CALLER, Caller.class)
            .orElseThrow(() -> AccessDenied.unknown("a caller", "none"));
    if (!caller.role().covers(role)) {
      throw AccessDenied.forbidden("role " + role.word(), "role " + caller.role().word());
    }
  }
}
