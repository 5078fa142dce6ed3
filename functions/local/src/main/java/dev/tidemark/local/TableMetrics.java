package dev.tidemark.local;

import dev.tidemark.core.flow.BackupView;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.SlotView;
import dev.tidemark.events.WorkItem;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Gauges of what the table says at the moment when it is asked. */
final class TableMetrics {
  private final LocalHost host;

  private TableMetrics(LocalHost host) {
    this.host = host;
  }

  /** A policy on a cluster, with the newest backup that it made there; null where it made none. */
  private record Kept(SlotView slot, String vault, @Nullable BackupView last) {
    Instant since() {
      BackupView backup = last;
      return backup == null ? slot.since() : Objects.requireNonNull(backup.sealed());
    }
  }

  static void register(PrometheusRegistry registry, LocalHost host) {
    var metrics = new TableMetrics(host);
    metrics.ofPolicies(
        registry,
        "tidemark_seconds_since_last_success",
        "Seconds since a policy's last backup that is whole was sealed; since it was first seen where"
            + " there is none.",
        kept -> Duration.between(kept.since(), host.clock().instant()).toMillis() / 1000.0);
    metrics.ofPolicies(
        registry,
        "tidemark_last_backup_bytes",
        "Bytes of content of a policy's last backup; 0 where there is none.",
        kept -> kept.last() == null ? 0 : kept.last().bytes());
    metrics.ofPolicies(
        registry,
        "tidemark_last_backup_stored_bytes",
        "Bytes that a policy's last backup added to the vault; 0 where there is none.",
        kept -> kept.last() == null ? 0 : kept.last().stored());
    metrics.ofPolicies(
        registry,
        "tidemark_last_backup_duration_seconds",
        "How long a policy's last backup took; 0 where there is none.",
        TableMetrics::seconds);
    metrics.runs(registry);
    metrics.queues(registry);
  }

  private static double seconds(Kept kept) {
    BackupView last = kept.last();
    return last == null ? 0 : Duration.between(last.started(), kept.since()).toMillis() / 1000.0;
  }

  private void ofPolicies(
      PrometheusRegistry registry, String name, String help, ToDoubleFunction<Kept> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("policy", "cluster", "vault")
        .callback(
            gauge ->
                policies(
                    kept ->
                        gauge.call(
                            value.applyAsDouble(kept),
                            kept.slot().policy(),
                            kept.slot().cluster(),
                            kept.vault())))
        .register(registry);
  }

  private void policies(Consumer<Kept> each) {
    for (String cluster : host.register().clusters()) {
      List<SlotView> slots = host.register().slots(cluster);
      List<BackupView> backups = slots.isEmpty() ? List.of() : host.register().backups(cluster);
      for (SlotView slot : slots) {
        Map<String, BackupView> newest = new HashMap<>();
        for (BackupView backup : backups) {
          if (backup.state().equals("SEALED")
              && backup.unreachable() == 0
              && slot.policy().equals(backup.policy())) {
            newest.putIfAbsent(backup.vault(), backup);
          }
        }
        if (newest.isEmpty()) {
          each.accept(new Kept(slot, host.vaultOf(slot.policy(), cluster), null));
        }
        newest.forEach((vault, backup) -> each.accept(new Kept(slot, vault, backup)));
      }
    }
  }

  private void runs(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("tidemark_runs")
        .help("Runs that the table knows, by how they stand.")
        .labelNames("cluster", "kind", "status")
        .callback(
            gauge -> {
              for (String cluster : host.register().clusters()) {
                Map<List<String>, Long> counts = new HashMap<>();
                for (RunView run : host.register().runs(cluster)) {
                  counts.merge(List.of(run.kind(), run.status().toString()), 1L, Long::sum);
                }
                counts.forEach(
                    (key, count) ->
                        gauge.call(
                            (double) count,
                            cluster,
                            key.get(0),
                            key.get(1).toLowerCase(Locale.ROOT)));
              }
            })
        .register(registry);
  }

  private void queues(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("tidemark_queue_items")
        .help("Items that wait in a queue, or are worked.")
        .labelNames("queue")
        .callback(
            gauge -> {
              for (WorkItem.Queue queue : WorkItem.Queue.values()) {
                gauge.call((double) host.queued(queue), queue.toString().toLowerCase(Locale.ROOT));
              }
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("tidemark_timers")
        .help("Items that wait for their time.")
        .callback(gauge -> gauge.call((double) host.register().timers()))
        .register(registry);
  }
}
