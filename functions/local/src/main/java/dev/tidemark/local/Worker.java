package dev.tidemark.local;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.WorkItem;
import dev.tidemark.local.sqlite.SqliteWorkQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Takes items from a queue and hands them to the dispatcher, one after the other. */
final class Worker implements Runnable {
  /** How long a worker sleeps at most: other processes send to the same queues. */
  private static final Duration NAP = Duration.ofMillis(250);

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final Dispatcher dispatcher;
  private final SqliteWorkQueue queues;
  private final WorkItem.Queue queue;
  private final @Nullable String run;
  private final Duration slice;
  private final InstantSource clock;
  private final Wakeup wakeup;
  private final BooleanSupplier stopped;
  private final JsonLog log;
  private volatile boolean busy;

  /**
   * @param run only items of this run; null for all
   */
  Worker(
      Dispatcher dispatcher,
      SqliteWorkQueue queues,
      WorkItem.Queue queue,
      @Nullable String run,
      Duration slice,
      InstantSource clock,
      Wakeup wakeup,
      BooleanSupplier stopped,
      JsonLog log) {
    this.dispatcher = dispatcher;
    this.queues = queues;
    this.queue = queue;
    this.run = run;
    this.slice = slice;
    this.clock = clock;
    this.wakeup = wakeup;
    this.stopped = stopped;
    this.log = log;
  }

  /** Whether it has an item in its hands. */
  boolean busy() {
    return busy;
  }

  @Override
  public void run() {
    try {
      while (!stopped.getAsBoolean()) {
        long seen = wakeup.count();
        if (!workOne() && !stopped.getAsBoolean()) {
          wakeup.await(seen, NAP);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there was an item. */
  private boolean workOne() throws InterruptedException {
    Optional<Delivery> received;
    try {
      if (queue == WorkItem.Queue.CONTROL) {
        dispatcher.tick();
      }
      received = queues.receive(queue, run);
    } catch (PermanentFailure | TransientFailure e) {
      log.error("queue.failed", run, null, e);
      wakeup.await(wakeup.count(), PAUSE_AFTER_FAILURE);
      return true;
    }
    busy = received.isPresent();
    received.ifPresent(this::work);
    busy = false;
    return received.isPresent();
  }

  private void work(Delivery delivery) {
    try {
      dispatcher.dispatch(delivery.item(), Slice.of(slice, clock).orWhen(stopped));
      queues.acknowledge(delivery);
    } catch (RuntimeException e) {
      log.error("item.failed", delivery.item().run(), delivery.item().unit(), e);
      giveBack(delivery);
    }
  }

  /** Where even this fails, the item is free again when this process ends. */
  private void giveBack(Delivery delivery) {
    try {
      queues.release(delivery, PAUSE_AFTER_FAILURE);
    } catch (RuntimeException e) {
      log.error("item.stuck", delivery.item().run(), delivery.item().unit(), e);
    }
  }
}
