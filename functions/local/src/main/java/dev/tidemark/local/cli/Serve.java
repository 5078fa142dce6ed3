package dev.tidemark.local.cli;

import dev.tidemark.local.app.Serving;
import java.util.OptionalInt;
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

  Serve(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    OptionalInt port = Arguments.port(metricsPort);
    var ended = new CountDownLatch(1);
    Runnable uninterrupted =
        session.environment.interruption().during(() -> stop(ended), ExitCode.DONE);
    try {
      session.open().serve(port, serving());
      session.close();
    } finally {
      ended.countDown();
      uninterrupted.run();
    }
    return ExitCode.DONE;
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
