package dev.tidemark.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.flow.BackupView;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.flow.SlotView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Metrics as lines of the embedded metric format, which CloudWatch takes out of the log: no
 * request, no client. Namespace {@code Tidemark}; the dimension {@code deployment} everywhere, with
 * {@code cluster} and {@code policy} for what is told of policies.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">the
 *     format</a>
 */
final class Emf {
  private static final String NAMESPACE = "Tidemark";

  private final JsonLines log;
  private final String deployment;

  private record Value(String unit, double number) {}

  Emf(JsonLines log, String deployment) {
    this.log = log;
    this.deployment = deployment;
  }

  void failed(String step) {
    write(Map.of("step", step), Map.of("StepFailures", new Value("Count", 1)));
  }

  void deadLetters(int count) {
    write(Map.of(), Map.of("DeadLetters", new Value("Count", count)));
  }

  /** What the table says of each policy now. An alarm on their absence notices a tick that died. */
  void gauges(Register register, Configuration configuration, InstantSource clock) {
    for (String cluster : register.clusters()) {
      List<SlotView> slots = register.slots(cluster);
      List<BackupView> backups = slots.isEmpty() ? List.of() : register.backups(cluster);
      for (SlotView slot : slots) {
        if (configuration.policies().containsKey(slot.policy())) {
          gauge(slot, backups, clock.instant());
        }
      }
    }
  }

  private void gauge(SlotView slot, List<BackupView> backups, Instant now) {
    Optional<BackupView> last =
        backups.stream()
            .filter(each -> slot.policy().equals(each.policy()))
            .filter(each -> each.state().equals("SEALED") && each.unreachable() == 0)
            .findFirst();
    Instant since = last.map(Emf::sealed).orElse(slot.since());
    Map<String, Value> values = new LinkedHashMap<>();
    values.put(
        "SecondsSinceLastSuccess", new Value("Seconds", seconds(Duration.between(since, now))));
    last.ifPresent(
        backup -> {
          values.put("LastBackupBytes", new Value("Bytes", backup.bytes()));
          values.put("LastBackupStoredBytes", new Value("Bytes", backup.stored()));
          values.put(
              "LastBackupDuration",
              new Value("Seconds", seconds(Duration.between(backup.started(), sealed(backup)))));
        });
    write(Map.of("cluster", slot.cluster(), "policy", slot.policy()), values);
  }

  private static Instant sealed(BackupView backup) {
    return Objects.requireNonNull(backup.sealed());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private void write(Map<String, String> dimensions, Map<String, Value> values) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    ObjectNode head = line.putObject("_aws");
    head.put("Timestamp", log.now().toEpochMilli());
    ObjectNode metrics = head.putArray("CloudWatchMetrics").addObject();
    metrics.put("Namespace", NAMESPACE);
    ArrayNode names = metrics.putArray("Dimensions").addArray();
    names.add("deployment");
    line.put("deployment", deployment);
    dimensions.forEach(
        (name, value) -> {
          names.add(name);
          line.put(name, value);
        });
    ArrayNode all = metrics.putArray("Metrics");
    values.forEach(
        (name, value) -> {
          all.addObject().put("Name", name).put("Unit", value.unit());
          line.put(name, value.number());
        });
    log.write(line);
  }
}
