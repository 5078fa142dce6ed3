package dev.tidemark.contract.cloud;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that stores one object after the other, and takes no failed write. */
public final class WeaviateWriter implements AutoCloseable {
  private static final int BATCH = 20;

  private final AtomicInteger acknowledged;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Future<Boolean> work;

  /**
   * @param collection without tenants and empty; objects are numbered from 0, and of version 1
   */
  public WeaviateWriter(WeaviateApi api, String collection) {
    this(api, collection, 0, Duration.ZERO);
  }

  /**
   * @param collection without tenants, of objects that are numbered from 0
   * @param there how many it has
   * @param pause after each write
   */
  public WeaviateWriter(WeaviateApi api, String collection, int there, Duration pause) {
    this.acknowledged = new AtomicInteger(there);
    this.work =
        thread.submit(
            () -> {
              while (!stop.get()) {
                int from = acknowledged.get();
                api.store(collection, "", from, from + BATCH, 1);
                acknowledged.set(from + BATCH);
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
              }
              return true;
            });
  }

  /** How many objects are stored, as the server has said. */
  public int acknowledged() {
    return acknowledged.get();
  }

  /** Waits until there are so many. */
  public int awaits(int objects) {
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
  public int end() {
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
