package dev.tidemark.core.flow;

import dev.tidemark.events.WorkItem;

/** Told what happens, for logs and metrics; must neither block nor throw. */
public interface FlowEvents {

  /** A step failed. It is tried again, or its run ends; the flow has decided which. */
  void failed(WorkItem item, RuntimeException failure);

  /** A step did what there was to do. */
  void done(WorkItem item);

  /** A step waits for something that is not its own, like another backup of the same cluster. */
  void waits(WorkItem item, String why);
}
