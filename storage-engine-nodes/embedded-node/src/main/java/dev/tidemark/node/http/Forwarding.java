package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.cluster.Peers;
import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.Json;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends changes of the schema to the node that keeps it. */
@Singleton
final class Forwarding {
  private final Node node;

  Forwarding(Node node) {
    this.node = node;
  }

  /**
   * @param body what the request brought; null for nothing
   * @param answer what the schema node answers with, on success
   * @param local what the schema node does
   */
  <T> HttpResponse<T> toSchemaNode(
      HttpRequest<?> request,
      @Nullable Object body,
      Class<T> answer,
      Supplier<HttpResponse<T>> local) {
    var members = node.settings().members();
    if (members.keepsSchema()) {
      return local.get();
    }
    String sender = request.getHeaders().get(Peers.FORWARDED);
    if (sender != null) {
      throw NodeFailure.of(Kind.NOT_READY, "change of the schema sent by node " + sender)
          .expected("the schema node, which is " + members.schemaNode())
          .found("node " + members.self())
          .hint("give all nodes the same --nodes");
    }
    Peers.Answer answered =
        node.peers()
            .send(members.schemaNode(), request.getMethodName(), request.getUri().toString(), body);
    return HttpResponse.<T>status(answered.status(), "Forwarded")
        .body(decode(answered.body(), answer));
  }

  private static <T> @Nullable T decode(byte[] body, Class<T> type) {
    try {
      return body.length == 0 ? null : Json.mapper().readValue(body, type);
    } catch (IOException e) {
      throw new IllegalStateException("the schema node did not send a " + type, e);
    }
  }
}
