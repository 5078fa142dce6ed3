package dev.tidemark.local;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.control.Control;
import dev.tidemark.core.flow.PolicySlot;
import dev.tidemark.core.flow.PolicySlot.Taken;
import dev.tidemark.local.app.Listening;
import dev.tidemark.local.app.ServeOptions;
import dev.tidemark.local.app.Serving;
import dev.tidemark.local.http.ApiServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Works every run of a state folder, and starts what schedules ask for, until it is told to stop.
 */
final class LocalServer {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Configuration configuration;
  private final LocalHost host;
  private final Control control;
  private final Serving serving;
  private Instant looked = Instant.EPOCH;

  LocalServer(Configuration configuration, LocalHost host, Control control, Serving serving) {
    this.configuration = configuration;
    this.host = host;
    this.control = control;
    this.serving = serving;
  }

  void serve(ServeOptions options) {
    ServerLock lock = host.takeServerLock();
    try {
      Runnable silence = listen(options);
      try {
        measured(options);
      } finally {
        silence.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.close();
    }
  }

  private void measured(ServeOptions options) throws InterruptedException {
    if (options.metricsPort().isEmpty()) {
      work(Optional.empty());
      return;
    }
    try (Metrics metrics = new Metrics(host, options.metricsPort().getAsInt())) {
      host.watchedBy(metrics);
      serving.says("metrics on http://127.0.0.1:" + metrics.port() + "/metrics");
      work(Optional.of(metrics));
    }
  }

  /** Offers the API where that is asked for; answers what ends it. */
  private Runnable listen(ServeOptions options) {
    if (options.listening().isEmpty()) {
      return () -> {};
    }
    Listening listening = options.listening().get();
    ApiServer server =
        ApiServer.start(
            listening, control, configuration.tokens().values(), host.secrets(), host.log());
    serving.says("API on " + server.url() + "/v1" + (listening.tls() == null ? "" : " (TLS)"));
    if (listening.tls() == null && !listening.isLoopback()) {
      serving.says("without TLS: whoever sees the traffic sees the tokens");
    }
    return server::close;
  }

  private void work(Optional<Metrics> metrics) throws InterruptedException {
    var schedules = new Schedules(configuration, host.dispatcher(), listener(metrics));
    serving.says(
        schedules.count() == 0
            ? "serving; no policy has a schedule"
            : "serving; schedules: %d, the next slot is %s"
                .formatted(
                    schedules.count(),
                    schedules.next(host.clock().instant()).map(Instant::toString).orElse("never")));
    host.work(
        null,
        () -> {
          Instant now = host.clock().instant();
          if (!serving.stopped() && Duration.between(looked, now).compareTo(LOOK) >= 0) {
            looked = now;
            schedules.look(now);
          }
          return serving.stopped();
        });
    serving.says("stopped; what was under way goes on with the next start");
  }

  private Schedules.Listener listener(Optional<Metrics> metrics) {
    return new Schedules.Listener() {
      @Override
      public void taken(PolicySlot slot, Taken taken) {
        String policy = Schedules.policy(slot);
        String cluster = slot.request().cluster();
        String outcome = taken.outcome().toString();
        serving.says(
            "slot %s of %s on %s: %s, %s"
                .formatted(slot.time(), policy, cluster, outcome, taken.detail()));
        metrics.ifPresent(each -> each.slot(policy, cluster, outcome));
        host.log()
            .info(
                "slot.taken",
                Map.of(
                    "policy", policy,
                    "cluster", cluster,
                    "slot", slot.time().toString(),
                    "outcome", outcome,
                    "detail", taken.detail()));
      }

      @Override
      public void later(PolicySlot slot, RuntimeException failure) {
        host.log().error("slot.later", null, null, failure);
      }
    };
  }
}
