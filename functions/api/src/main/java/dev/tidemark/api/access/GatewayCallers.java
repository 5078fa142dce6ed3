package dev.tidemark.api.access;

import dev.tidemark.core.config.Role;
import io.micronaut.http.HttpRequest;
import java.util.Optional;

/**
 * Believes the role that a header names. Only for a host that cannot be reached but through a
 * gateway which has found out who asks, and which replaces this header in every request: anybody
 * else could write it.
 */
public final class GatewayCallers implements Callers {
  private final String header;

  /**
   * @param header like {@code X-Tidemark-Role}; its value is reader, operator or admin
   */
  public GatewayCallers(String header) {
    this.header = header;
  }

  @Override
  public Caller caller(HttpRequest<?> request) {
    String word = request.getHeaders().get(header);
    Optional<Role> role = Optional.ofNullable(word).flatMap(Role::named);
    if (role.isEmpty()) {
      throw AccessDenied.unknown(
          "header %s: one of %s, of the gateway".formatted(header, Role.WORDS),
          word == null ? "no such header" : "another value");
    }
    return new Caller("gateway", role.get());
  }
}
