package dev.tidemark.core.flow;

import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import java.util.List;

/** Handles one kind of item; bears duplicates, late and reordered ones. */
interface Step {
  List<Next> run(WorkItem item, Slice slice);
}
