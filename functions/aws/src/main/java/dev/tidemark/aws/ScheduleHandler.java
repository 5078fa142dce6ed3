package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.tidemark.core.config.PolicyConfig;
import dev.tidemark.core.flow.BackupRequest;
import dev.tidemark.core.flow.PolicySlot;
import dev.tidemark.core.flow.PolicySlot.Taken;
import dev.tidemark.core.time.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts what schedules ask for, and sends what is due once a minute. An event that is delivered
 * again does nothing again.
 */
public final class ScheduleHandler implements RequestStreamHandler {
  private final AwsPlatform platform = AwsPlatform.shared();

  /** Policies with their clusters that this process knows to be looked after. */
  private final Set<String> expected = new HashSet<>();

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Slice slice = platform.begin(context);
    ScheduleEvent event = ScheduleEvent.read(input);
    if (event instanceof ScheduleEvent.Slot slot) {
      start(slot);
    } else {
      tick(slice);
    }
  }

  /** One cluster that cannot be dealt with now does not keep the policy's others. */
  private void start(ScheduleEvent.Slot event) {
    PolicyConfig policy = platform.configuration().policy(event.policy());
    RuntimeException failure = null;
    for (String cluster : policy.clusters()) {
      try {
        start(policy, cluster, event);
      } catch (RuntimeException e) {
        platform.log().error("slot.later", Map.of("policy", policy.name(), "cluster", cluster), e);
        failure = joined(failure, e);
      }
    }
    if (failure != null) {
      // Lambda delivers the event again.
      throw failure;
    }
  }

  private void start(PolicyConfig policy, String cluster, ScheduleEvent.Slot event) {
    var slot = new PolicySlot(BackupRequest.of(policy, cluster), event.time());
    platform.dispatcher().expect(slot.request());
    Taken taken = platform.dispatcher().slot(slot);
    platform
        .log()
        .info(
            "slot.taken",
            Map.of(
                "policy", policy.name(),
                "cluster", cluster,
                "slot", event.time(),
                "outcome", taken.outcome(),
                "detail", taken.detail()));
  }

  private void tick(Slice slice) {
    expectAll();
    int sent;
    do {
      sent = platform.dispatcher().tick();
    } while (sent > 0 && !slice.over());
    platform.metrics().gauges(platform.register(), platform.configuration(), platform.clock());
  }

  /** A policy that waits for its first slot has an age, so that no alarm takes it for forgotten. */
  private void expectAll() {
    for (PolicyConfig policy : platform.configuration().policies().values()) {
      for (String cluster : policy.clusters()) {
        String name = policy.name() + " " + cluster;
        if (policy.schedule() != null && !expected.contains(name)) {
          platform.dispatcher().expect(BackupRequest.of(policy, cluster));
          expected.add(name);
        }
      }
    }
  }

  private static RuntimeException joined(@Nullable RuntimeException first, RuntimeException e) {
    if (first == null) {
      return e;
    }
    first.addSuppressed(e);
    return first;
  }
}
