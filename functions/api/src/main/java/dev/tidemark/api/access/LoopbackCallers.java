package dev.tidemark.api.access;

import dev.tidemark.core.config.Role;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import java.util.Set;

/**
 * Lets every program of this machine ask for everything; for a server that listens on the loopback
 * interface only. A page in a browser is not such a program: what it sends names its origin, or a
 * host that is not this one.
 */
public final class LoopbackCallers implements Callers {
  private static final Set<String> LOCAL = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final Caller ANYBODY = new Caller("loopback", Role.ADMIN);

  @Override
  public Caller caller(HttpRequest<?> request) {
    if (request.getHeaders().contains(HttpHeaders.ORIGIN)) {
      throw AccessDenied.unknown("a program of this machine", "a page in a browser");
    }
    String host = request.getHeaders().get(HttpHeaders.HOST);
    if (host == null || !LOCAL.contains(host.replaceFirst(":[0-9]+$", ""))) {
      throw AccessDenied.unknown("a host of " + LOCAL, "another one");
    }
    return ANYBODY;
  }
}
