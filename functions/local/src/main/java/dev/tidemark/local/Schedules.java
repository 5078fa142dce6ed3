package dev.tidemark.local;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.PolicyConfig;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.flow.PolicySlot;
import dev.tidemark.core.flow.PolicySlot.Outcome;
import dev.tidemark.core.flow.PolicySlot.Taken;
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

  private final List<Schedule> schedules = new ArrayList<>();
  private final Dispatcher dispatcher;
  private final Listener listener;

  /** Told what became of slots. */
  interface Listener {
    void taken(PolicySlot slot, Taken taken);

    /** A slot could not be dealt with yet; it is looked at again soon. */
    void later(PolicySlot slot, TransientFailure failure);
  }

  private static final class Schedule {
    final PolicyConfig policy;
    final ExecutionTime times;
    final Map<String, Instant> dealtWith = new HashMap<>();

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
        schedule.policy.clusters().forEach(cluster -> take(schedule, cluster, slot.get()));
      }
    }
  }

  private void take(Schedule schedule, String cluster, Instant time) {
    Instant dealt = schedule.dealtWith.get(cluster);
    if (time.equals(dealt)) {
      return;
    }
    var slot = new PolicySlot(PolicyRequests.scheduled(schedule.policy, cluster), time);
    try {
      dispatcher.expect(slot);
      Taken taken = dispatcher.slot(slot);
      schedule.dealtWith.put(cluster, time);
      if (taken.outcome() != Outcome.PASSED) {
        listener.taken(slot, taken);
      }
    } catch (TransientFailure e) {
      listener.later(slot, e);
    }
  }

  static String policy(PolicySlot slot) {
    return Objects.requireNonNull(slot.request().policy());
  }
}
