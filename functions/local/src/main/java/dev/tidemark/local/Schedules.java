package dev.tidemark.local;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.PolicyConfig;
import dev.tidemark.core.flow.BackupRequest;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.flow.PolicySlot;
import dev.tidemark.core.flow.PolicySlot.Outcome;
import dev.tidemark.core.flow.PolicySlot.Taken;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Notices the slots of policies. Of those that passed while nobody looked only the newest counts:
 * one backup makes up for all of them.
 */
final class Schedules {
  private static final CronParser CRON =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

  private final List<Schedule> schedules = new ArrayList<>();
  private final Dispatcher dispatcher;
  private final Listener listener;

  /** Told what became of slots. */
  interface Listener {
    void taken(PolicySlot slot, Taken taken);

    /** A slot could not be dealt with yet; it is looked at again soon. */
    void later(PolicySlot slot, RuntimeException failure);
  }

  private static final class Schedule {
    final PolicyConfig policy;
    final ExecutionTime times;
    final Map<String, Instant> dealtWith = new HashMap<>();
    final Map<String, Instant> notBefore = new HashMap<>();

    Schedule(PolicyConfig policy, ExecutionTime times) {
      this.policy = policy;
      this.times = times;
    }
  }

  Schedules(Configuration configuration, Dispatcher dispatcher, Listener listener) {
    this.dispatcher = dispatcher;
    this.listener = listener;
    for (PolicyConfig policy : configuration.policies().values()) {
      if (policy.schedule() != null) {
        schedules.add(new Schedule(policy, ExecutionTime.forCron(CRON.parse(policy.schedule()))));
      }
    }
  }

  int count() {
    return schedules.size();
  }

  /** The next slot of any policy after a moment. */
  Optional<Instant> next(Instant now) {
    return schedules.stream()
        .map(schedule -> schedule.times.nextExecution(now.atZone(schedule.policy.zone())))
        .flatMap(Optional::stream)
        .map(time -> time.toInstant())
        .min(Instant::compareTo);
  }

  /** Deals with the slots up to a moment. */
  void look(Instant now) {
    for (Schedule schedule : schedules) {
      ZoneId zone = schedule.policy.zone();
      // A slot is due in the minute that it names, so one that is now counts as past.
      Optional<Instant> slot =
          schedule.times.lastExecution(now.plusMillis(1).atZone(zone)).map(t -> t.toInstant());
      if (slot.isPresent()) {
        for (String cluster : schedule.policy.clusters()) {
          take(schedule, cluster, slot.get(), now);
        }
      }
    }
  }

  private void take(Schedule schedule, String cluster, Instant time, Instant now) {
    Instant notBefore = schedule.notBefore.getOrDefault(cluster, Instant.EPOCH);
    if (time.equals(schedule.dealtWith.get(cluster)) || now.isBefore(notBefore)) {
      return;
    }
    var slot = new PolicySlot(BackupRequest.of(schedule.policy, cluster), time);
    try {
      dispatcher.expect(slot);
      Taken taken = dispatcher.slot(slot);
      schedule.dealtWith.put(cluster, time);
      if (taken.outcome() != Outcome.PASSED) {
        listener.taken(slot, taken);
      }
    } catch (RuntimeException e) {
      // Whatever it is, it must not keep other policies from their slots.
      schedule.notBefore.put(cluster, now.plus(PAUSE_AFTER_FAILURE));
      listener.later(slot, e);
    }
  }

  static String policy(PolicySlot slot) {
    return Objects.requireNonNull(slot.request().policy());
  }
}
