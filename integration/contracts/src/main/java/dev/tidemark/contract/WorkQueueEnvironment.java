package dev.tidemark.contract;

import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem.Queue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** A place for the two queues, empty at first and used by nobody else. */
public interface WorkQueueEnvironment {

  /** A new client of the place, as another process would have one. */
  WorkQueue open();

  /** A new receiver of the place: what a host does, in small. */
  Receiver receiver();

  /** The time by which the place delays. */
  InstantSource clock();

  /** Lets that time pass: a place with a clock of its own waits. */
  void pass(Duration time);

  /** A process that takes items; used by one thread. */
  interface Receiver {

    /** An item, if the place gives one out now. */
    Optional<Delivery> receive(Queue queue);

    void acknowledge(Delivery delivery);

    /** The process ends without another word. */
    void die();
  }
}
