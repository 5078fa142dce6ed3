package dev.tidemark.api.access;

import dev.tidemark.core.config.Role;
import io.micronaut.http.HttpRequest;
import java.util.List;
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
    List<String> words = request.getHeaders().getAll(header);
    // Two are one of the gateway's and one of somebody else.
    Optional<Role> role = words.size() == 1 ? Role.named(words.get(0)) : Optional.empty();
    if (role.isEmpty()) {
      throw AccessDenied.unknown(
          "header %s: one of %s, of the gateway".formatted(header, Role.WORDS),
          switch (words.size()) {
            case 0 -> "no such header";
            case 1 -> "another value";
            default -> "several";
          });
    }
    return new Caller("gateway", role.get());
  }
}
