package dev.tidemark.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Prometheus text on a port of the loopback interface, at {@code /metrics}: what the table says of
 * backups, policies and queues when it is asked, and what this process has counted.
 */
final class Metrics implements AutoCloseable {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final HttpServer server;
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "metrics");
            thread.setDaemon(true);
            return thread;
          });
  private final Counter failures;
  private final Counter slots;

  /**
   * @param port 0 for any that is free
   */
  Metrics(LocalHost host, int port) {
    TableMetrics.register(registry, host);
    this.failures =
        Counter.builder()
            .name("tidemark_step_failures_total")
            .help("Steps that failed, and were tried again or ended their run.")
            .labelNames("step")
            .register(registry);
    this.slots =
        Counter.builder()
            .name("tidemark_slots_total")
            .help("Slots of policies that were dealt with: started or skipped.")
            .labelNames("policy", "cluster", "outcome")
            .register(registry);
    try {
      this.server = HttpServer.create(new InetSocketAddress(loopback(), port), 0);
    } catch (IOException e) {
      throw PermanentFailure.of(Kind.INVALID, "metrics port " + port)
          .expected("a port of the loopback interface that is free")
          .found(String.valueOf(e.getMessage()))
          .hint("choose another one, or leave the metrics out")
          .cause(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(executor);
    server.start();
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  int port() {
    return server.getAddress().getPort();
  }

  void failed(String step) {
    failures.labelValues(step).inc();
  }

  void slot(String policy, String cluster, String outcome) {
    slots.labelValues(policy, cluster, outcome).inc();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/metrics")) {
        send(exchange, 404, "text/plain", "see /metrics\n".getBytes(StandardCharsets.US_ASCII));
        return;
      }
      var text = new ByteArrayOutputStream();
      try {
        var writer = PrometheusTextFormatWriter.create();
        writer.write(text, registry.scrape());
        send(exchange, 200, PrometheusTextFormatWriter.CONTENT_TYPE, text.toByteArray());
      } catch (RuntimeException e) {
        send(exchange, 500, "text/plain", (e + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
