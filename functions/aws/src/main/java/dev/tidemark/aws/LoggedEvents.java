package dev.tidemark.aws;

import dev.tidemark.core.flow.FlowEvents;
import dev.tidemark.events.WorkItem;

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
}
