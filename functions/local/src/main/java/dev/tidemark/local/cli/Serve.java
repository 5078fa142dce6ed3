package dev.tidemark.local.cli;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.local.app.Listening;
import dev.tidemark.local.app.Listening.Tls;
import dev.tidemark.local.app.ServeOptions;
import dev.tidemark.local.app.Serving;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark serve}. */
@Command(
    name = "serve",
    description = {
      "Starts the backups that policies' schedules ask for, and works every run, until it is"
          + " stopped by Ctrl-C or SIGTERM.",
      "Other commands on the same state folder then only wait for their runs."
    })
final class Serve implements Callable<Integer> {
  /** A slice ends soon after it is told to; a hook may take longer, and is begun again. */
  private static final long PATIENCE_SECONDS = 60;

  private final Session session;
  private volatile boolean stopped;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Prometheus metrics on http://127.0.0.1:PORT/metrics.")
  @Nullable String metricsPort;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = {
        "The HTTP API, as functions/api/README.md tells it. Callers need a token of the"
            + " configuration; without any, only this machine is listened to, and every program"
            + " on it may ask for everything."
      })
  @Nullable String listen;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "The API's certificate with its chain, PEM.")
  @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The certificate's key, PEM: PKCS #8, not encrypted.")
  @Nullable Path key;

  Serve(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.requireLocal("serve");
    var options = new ServeOptions(Arguments.port(metricsPort), listening());
    var ended = new CountDownLatch(1);
    Runnable uninterrupted =
        session.environment.interruption().during(() -> stop(ended), ExitCode.DONE);
    try {
      session.open().serve(options, serving());
      session.close();
    } finally {
      ended.countDown();
      uninterrupted.run();
    }
    return ExitCode.DONE;
  }

  private Optional<Listening> listening() {
    if ((certificate == null) != (key == null)) {
      throw PermanentFailure.of(Kind.INVALID, "--tls-certificate and --tls-key")
          .expected("both or neither")
          .found("one of them");
    }
    if (listen == null) {
      if (key != null) {
        throw PermanentFailure.of(Kind.INVALID, "--tls-key")
            .expected("--listen HOST:PORT with it")
            .found("nothing to listen on");
      }
      return Optional.empty();
    }
    Tls tls = certificate == null || key == null ? null : new Tls(file(certificate), file(key));
    String text = listen;
    return Optional.of(
        Listening.parse(text, tls)
            .orElseThrow(
                () ->
                    Arguments.refused("--listen", "HOST:PORT", text).hint("like 127.0.0.1:8642")));
  }

  private Path file(Path path) {
    return session.environment.folder().resolve(path).normalize();
  }

  private void stop(CountDownLatch ended) {
    stopped = true;
    try {
      ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Serving serving() {
    return new Serving() {
      @Override
      public void says(String line) {
        session.output.note(line);
      }

      @Override
      public boolean stopped() {
        return stopped;
      }
    };
  }
}
