package dev.tidemark.aws;

import dev.tidemark.core.flow.FlowEvents;
import dev.tidemark.events.WorkItem;
import java.util.Map;

/** What the flow tells, as lines and counts. */
record LoggedEvents(JsonLines log, Emf metrics) implements FlowEvents {

  @Override
  public void failed(WorkItem item, RuntimeException failure) {
    log.error("step.failed", item, failure);
    metrics.failed(item.kind().word());
  }

  @Override
  public void done(WorkItem item) {
    log.info("step.done", item);
  }

  @Override
  public void waits(WorkItem item, String why) {
    log.info("step.waits", Map.of("run", item.run(), "step", item.kind().word(), "for", why));
  }
}
