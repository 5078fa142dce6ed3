package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.NodeInfo;
import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The node and its cluster. */
@Controller
final class NodeController {
  private final Node node;

  NodeController(Node node) {
    this.node = node;
  }

  /** A word on how the process is. */
  @Introspected
  record Health(String status) {}

  /** A cluster as it is configured. */
  @Introspected
  record Cluster(String clusterId, String schemaNode, long schemaVersion, List<Member> nodes) {}

  /** A node as it is configured. */
  @Introspected
  record Member(String name, String url) {}

  @Get("/v1/live")
  Health live() {
    return new Health("LIVE");
  }

  @Get("/v1/ready")
  Health ready() {
    if (!node.ready()) {
      throw NodeFailure.of(Kind.NOT_READY, "the schema is not known yet")
          .hint("start the schema node");
    }
    return new Health("READY");
  }

  @Get("/v1/node")
  NodeInfo info() {
    return node.info();
  }

  @Get("/v1/cluster")
  Cluster cluster() {
    var schema = node.schema().current();
    var members = node.settings().members();
    return new Cluster(
        schema.clusterId(),
        members.schemaNode(),
        schema.version(),
        members.names().stream()
            .map(name -> new Member(name, members.url(name).toString()))
            .toList());
  }

  @Hidden
  @Get(value = "/openapi", produces = MediaType.APPLICATION_YAML)
  String openApi() throws IOException {
    try (InputStream in =
        NodeController.class.getResourceAsStream("/META-INF/swagger/openapi.yml")) {
      if (in == null) {
        throw new FileNotFoundException("openapi.yml is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
