package dev.tidemark.journey.sim;

import dev.tidemark.contract.ManualClock;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.events.WorkItem.Queue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the store, the table and the queues of a world are: new, empty, and its own. Whoever holds
 * them sees one place.
 */
interface Ports {

  /** Makes the ports of a world. */
  @FunctionalInterface
  interface Source {

    /**
     * Makes them.
     *
     * @param clock the world's, which moves only when the world wants it to
     * @param interlude others act, if they like to; for the middle of a query
     */
    Ports open(Setting setting, ManualClock clock, Runnable interlude);
  }

  /** What a process has of them. */
  record Client(BlobStore store, StateTable table, WorkQueue queues, Receiver receiver) {}

  /** Those of a new process. */
  Client client();

  /** The store for whoever looks at it from outside: nothing goes wrong on the way. */
  BlobStore store();

  /** The table, likewise. */
  StateTable table();

  /** All rows of the table, by partition and sort key. */
  List<Row> rows();

  /** How many items of a queue wait or are out. */
  int size(Queue queue);

  /**
   * When the next item of any queue is visible by the world's clock, perhaps in the past; empty
   * without items. An item may be visible earlier. Where queues have a clock of their own and are
   * late by the world's, this waits for them a little.
   */
  Optional<Instant> nextVisible();

  /** All processes die where the place gets to know it: what they hold of the queues is free. */
  void crash();
}
