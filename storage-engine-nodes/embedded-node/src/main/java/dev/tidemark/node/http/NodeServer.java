package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.NodeSettings;
import dev.tidemark.node.TlsFiles;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** The HTTP server of a node. */
@OpenAPIDefinition(
    info = @Info(title = "Tidemark embedded node", version = "1"),
    security = @SecurityRequirement(name = "key"))
@SecurityScheme(name = "key", type = SecuritySchemeType.HTTP, scheme = "bearer")
public final class NodeServer implements AutoCloseable {
  private static final long MAX_BODY_BYTES = 64L << 20;

  private final ApplicationContext context;
  private final EmbeddedServer server;

  private NodeServer(ApplicationContext context, EmbeddedServer server) {
    this.context = context;
    this.server = server;
  }

  /** Listens, and lets the node begin what needs that. */
  public static NodeServer start(Node node) {
    ApplicationContext context =
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .banner(false)
            .singletons(node)
            .properties(properties(node.settings()))
            .start();
    EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
    node.listening();
    return new NodeServer(context, server);
  }

  private static Map<String, Object> properties(NodeSettings settings) {
    var properties = new HashMap<String, Object>();
    properties.put("micronaut.application.name", settings.members().self());
    properties.put("micronaut.server.host", settings.host());
    properties.put("micronaut.server.port", settings.port() == 0 ? -1 : settings.port());
    properties.put("micronaut.server.thread-selection", "BLOCKING");
    properties.put("micronaut.server.max-request-size", MAX_BODY_BYTES);
    properties.put("micronaut.server.max-request-buffer-size", MAX_BODY_BYTES);
    properties.put("jackson.deserialization.FAIL_ON_UNKNOWN_PROPERTIES", true);
    properties.put("jackson.serialization.WRITE_DATES_AS_TIMESTAMPS", false);
    properties.put("jackson.serialization-inclusion", "ALWAYS");
    settings.tls().ifPresent(files -> secure(files, settings.port(), properties));
    return properties;
  }

  private static void secure(TlsFiles files, int port, Map<String, Object> properties) {
    properties.put("micronaut.server.ssl.enabled", true);
    properties.put("micronaut.server.ssl.port", port == 0 ? -1 : port);
    properties.put("micronaut.server.ssl.key-name", "node");
    properties.put("micronaut.certificate.file.node.format", "PEM");
    properties.put("micronaut.certificate.file.node.path", files.key());
    properties.put("micronaut.certificate.file.node.certificate-path", files.certificate());
    properties.put("micronaut.certificate.file.node.refresh-mode", "NONE");
    files
        .clientAuthority()
        .ifPresent(
            authority -> {
              properties.put("micronaut.server.ssl.trust-name", "clients");
              properties.put("micronaut.server.ssl.client-authentication", "NEED");
              properties.put("micronaut.certificate.file.clients.format", "PEM");
              properties.put("micronaut.certificate.file.clients.path", authority);
              properties.put("micronaut.certificate.file.clients.refresh-mode", "NONE");
            });
  }

  public URI url() {
    return server.getURI();
  }

  @Override
  public void close() {
    server.stop();
    context.close();
  }
}
