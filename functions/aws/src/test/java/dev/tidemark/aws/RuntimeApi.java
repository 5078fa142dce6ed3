package dev.tidemark.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.aws.LambdaFunction.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's runtime API for one process: hands out one invocation at a time, and takes its answer.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">the API</a>
 */
final class RuntimeApi implements AutoCloseable {
  private static final String ROOT = "/2018-06-01/runtime/";

  /** For a start and an answer on a machine with little to spare. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Invocation> invocations = new LinkedBlockingQueue<>();
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final Process process;
  private volatile @Nullable Invocation current;

  /** What is to be done within a time that begins when a process takes it: its start is free. */
  private record Invocation(String id, String event, Duration time) {}

  private RuntimeApi(Function<String, Process> starter) throws IOException {
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(ROOT, this::answer);
    server.start();
    this.process = starter.apply("127.0.0.1:" + server.getAddress().getPort());
  }

  /**
   * @param starter starts a process that uses an API at the address it is given
   */
  static RuntimeApi start(Function<String, Process> starter) {
    try {
      return new RuntimeApi(starter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  boolean isBusy() {
    return current != null && process.isAlive();
  }

  void kill() {
    process.destroyForcibly();
  }

  /** Lambda kills a process that has not answered by its deadline; this one lets it be late. */
  Outcome invoke(String event, Duration time) {
    var invocation = new Invocation(UUID.randomUUID().toString(), event, time);
    current = invocation;
    outcomes.clear();
    invocations.add(invocation);
    try {
      Instant end = Instant.now().plus(time).plus(PATIENCE);
      while (Instant.now().isBefore(end)) {
        Outcome outcome = outcomes.poll(50, TimeUnit.MILLISECONDS);
        if (outcome != null) {
          return outcome;
        }
        if (!process.isAlive()) {
          Outcome last = outcomes.poll();
          return last == null ? new Outcome.Died() : last;
        }
      }
      kill();
      return new Outcome.Died();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
      return new Outcome.Died();
    } finally {
      current = null;
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring(ROOT.length());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (path.equals("invocation/next")) {
        next(exchange);
        return;
      }
      if (path.endsWith("/response")) {
        outcomes.add(new Outcome.Answer(body));
      } else {
        outcomes.add(new Outcome.Failed(body));
      }
      exchange.sendResponseHeaders(202, -1);
    }
  }

  private void next(HttpExchange exchange) throws IOException {
    try {
      Invocation invocation = invocations.take();
      byte[] event = invocation.event().getBytes(StandardCharsets.UTF_8);
      var headers = exchange.getResponseHeaders();
      headers.set("Lambda-Runtime-Aws-Request-Id", invocation.id());
      headers.set(
          "Lambda-Runtime-Deadline-Ms",
          String.valueOf(Instant.now().plus(invocation.time()).toEpochMilli()));
      headers.set(
          "Lambda-Runtime-Invoked-Function-Arn",
          "arn:aws:lambda:eu-central-1:000000000000:function:f");
      headers.set("Lambda-Runtime-Trace-Id", "Root=1-0-0");
      headers.set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, event.length);
      exchange.getResponseBody().write(event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    // Waited for, so that it writes nothing where its folders are being deleted.
    process.destroyForcibly().onExit().join();
    threads.shutdownNow();
    server.stop(0);
  }
}
