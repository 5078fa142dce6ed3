package dev.tidemark.local.demo;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** An application that does not stop writing: a few objects at a time, new ones and old ones. */
final class SteadyWriter implements AutoCloseable {
  private final NodeClient client;
  private final SampleData data;
  private final Thread thread = new Thread(this::write, "writer");
  private volatile boolean stopped;
  private final LongAdder written = new LongAdder();
  private volatile @Nullable RuntimeException failure;

  SteadyWriter(NodeClient client, SampleData data) {
    this.client = client;
    this.data = data;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void write() {
    Place place = Place.of(SampleData.ARTICLES);
    long count = data.count(place);
    try {
      for (long i = 0; !stopped; i++) {
        client.store(
            place,
            List.of(data.object(place, count + i, 1), data.object(place, i * 37 % count, 1)));
        written.add(2);
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  long written() {
    return written.sum();
  }

  /** Stops, and throws what failed, if a write did. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }
}
