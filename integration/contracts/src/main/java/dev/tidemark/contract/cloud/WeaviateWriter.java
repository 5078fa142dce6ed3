package dev.tidemark.journey.cli;

import dev.tidemark.contract.cloud.WeaviateApi;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that stores one object after the other, and takes no failed write. */
final class WeaviateWriter implements AutoCloseable {
  private static final int BATCH = 20;

  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Future<Boolean> work;

  /**
   * @param collection without tenants and empty; objects are numbered from 0, and of version 1
   */
  WeaviateWriter(WeaviateApi api, String collection) {
    work =
        thread.submit(
            () -> {
              while (!stop.get()) {
                int from = acknowledged.get();
                api.store(collection, "", from, from + BATCH, 1);
                acknowledged.set(from + BATCH);
              }
              return true;
            });
  }

  /** How many objects are stored, as the server has said. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** Waits until there are so many. */
  int awaits(int objects) {
    try {
      while (acknowledged.get() < objects && !work.isDone()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (work.isDone()) {
      end();
    }
    return acknowledged.get();
  }

  /** Ends it, and tells whether every write has succeeded. */
  int end() {
    stop.set(true);
    try {
      if (!work.get(2, TimeUnit.MINUTES)) {
        throw new AssertionError("the writer ended");
      }
      return acknowledged.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("a write failed", e);
    }
  }

  @Override
  public void close() {
    stop.set(true);
    thread.shutdownNow();
  }
}
