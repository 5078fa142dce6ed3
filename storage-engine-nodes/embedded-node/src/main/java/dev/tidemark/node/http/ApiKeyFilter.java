package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/** Lets through who bears the node's API key; it is compared in constant time. */
@ServerFilter("/**")
final class ApiKeyFilter {
  private static final Set<String> OPEN = Set.of("/v1/live", "/v1/ready");

  private final byte[] expected;

  ApiKeyFilter(Node node) {
    this.expected = bytes("Bearer " + node.settings().apiKey());
  }

  @RequestFilter
  void check(HttpRequest<?> request) {
    if (OPEN.contains(request.getPath())) {
      return;
    }
    String found = request.getHeaders().get("Authorization");
    if (found == null || !MessageDigest.isEqual(expected, bytes(found))) {
      throw NodeFailure.of(Kind.UNAUTHORIZED, request.getMethod() + " " + request.getPath())
          .expected("header Authorization: Bearer <the key in --api-key-file>")
          .found(found == null ? "no such header" : "another value");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
