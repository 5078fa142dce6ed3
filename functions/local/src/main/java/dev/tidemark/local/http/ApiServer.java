package dev.tidemark.local.http;

import dev.tidemark.api.Api;
import dev.tidemark.api.RequestLog;
import dev.tidemark.api.access.Callers;
import dev.tidemark.api.access.LoopbackCallers;
import dev.tidemark.api.access.TokenCallers;
import dev.tidemark.core.config.TokenConfig;
import dev.tidemark.core.control.Control;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.local.JsonLog;
import dev.tidemark.local.app.Listening;
import dev.tidemark.local.app.Listening.Tls;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The API on a port of this machine. */
public final class ApiServer implements AutoCloseable {
  private final ApplicationContext context;
  private final EmbeddedServer server;

  private ApiServer(ApplicationContext context, EmbeddedServer server) {
    this.context = context;
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param tokens by which callers are known; without any, everybody on this machine is
   * @throws PermanentFailure INVALID where others could reach it and there are no tokens, where the
   *     files of TLS cannot be used, or the port is taken
   */
  public static ApiServer start(
      Listening listening,
      Control control,
      Collection<TokenConfig> tokens,
      SecretStore secrets,
      JsonLog log) {
    if (tokens.isEmpty() && !listening.isLoopback()) {
      throw PermanentFailure.of(Kind.INVALID, "--listen " + listening.host())
          .expected("tokens in the configuration (api.tokens), or a loopback address")
          .found("no token, and an address that others can reach")
          .hint("`tidemark token create` prints a token and what to configure");
    }
    Callers callers = tokens.isEmpty() ? new LoopbackCallers() : TokenCallers.of(tokens, secrets);
    ApplicationContext context =
        Api.context(control, callers, new Requests(log)).properties(properties(listening)).build();
    try {
      context.start();
      return new ApiServer(context, context.getBean(EmbeddedServer.class).start());
    } catch (RuntimeException e) {
      context.close();
      throw PermanentFailure.of(Kind.INVALID, "--listen " + listening.host())
          .expected("an address and files that can be used")
          .found(rootCause(e))
          .hint("choose another port, or look at the certificate and its key")
          .cause(e);
    }
  }

  private static String rootCause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static Map<String, Object> properties(Listening listening) {
    var properties = new HashMap<String, Object>();
    properties.put("micronaut.server.host", listening.host());
    properties.put("micronaut.server.port", listening.port() == 0 ? -1 : listening.port());
    properties.put("micronaut.server.thread-selection", "BLOCKING");
    Tls tls = listening.tls();
    if (tls != null) {
      requireReadable(tls.certificate());
      requireReadable(tls.key());
      properties.put("micronaut.server.ssl.enabled", true);
      properties.put("micronaut.server.ssl.port", listening.port() == 0 ? -1 : listening.port());
      properties.put("micronaut.server.ssl.protocols", List.of("TLSv1.2", "TLSv1.3"));
      properties.put("micronaut.server.ssl.key-name", "api");
      properties.put("micronaut.certificate.file.api.format", "PEM");
      properties.put("micronaut.certificate.file.api.path", tls.key());
      properties.put("micronaut.certificate.file.api.certificate-path", tls.certificate());
      properties.put("micronaut.certificate.file.api.refresh-mode", "NONE");
    }
    return properties;
  }

  private static void requireReadable(Path file) {
    if (!Files.isReadable(file)) {
      throw PermanentFailure.of(Kind.INVALID, "file " + file)
          .expected("a PEM file that can be read")
          .found(Files.exists(file) ? "one that this user may not read" : "no such file");
    }
  }

  public URI url() {
    return server.getURI();
  }

  @Override
  public void close() {
    server.stop();
    context.close();
  }

  private record Requests(JsonLog log) implements RequestLog {
    @Override
    public void answered(String caller, String method, String path, int status) {
      log.info(
          "api.request",
          Map.of("caller", caller, "method", method, "path", path, "status", status));
    }

    @Override
    public void failed(String method, String path, RuntimeException failure) {
      log.error("api.failed", null, null, failure);
    }
  }
}
