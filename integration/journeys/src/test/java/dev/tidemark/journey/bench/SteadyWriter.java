package dev.tidemark.journey.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An application that writes an object every 20 ms, whether or not the one before was slow: a write
 * counts from the moment when it was due, so that a pause shows in every write that it delayed.
 */
final class SteadyWriter {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final IntConsumer write;

  /**
   * What became of the writes.
   *
   * @param millis of each that was acknowledged
   * @param failures of the others
   */
  record Writes(Figures millis, List<String> failures) {}

  /** What goes on beside. */
  interface Work {
    void run() throws Exception;
  }

  /**
   * @param write writes an object of this number; throws where it was refused
   */
  SteadyWriter(IntConsumer write) {
    this.write = write;
  }

  /** Writes while the work is done. */
  Writes during(Work work) throws Exception {
    var stop = new AtomicBoolean();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Writes> writes = thread.submit(() -> until(stop));
      @Nullable Exception failure = null;
      try {
        work.run();
      } catch (Exception e) {
        failure = e;
      }
      stop.set(true);
      Writes done = result(writes);
      if (failure != null) {
        throw failure;
      }
      return done;
    } finally {
      thread.shutdown();
    }
  }

  private static Writes result(Future<Writes> writes) throws InterruptedException {
    try {
      return writes.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Writes until(AtomicBoolean stop) throws InterruptedException {
    var millis = new Figures();
    List<String> failures = new ArrayList<>();
    long due = System.nanoTime();
    for (int number = 0; !stop.get(); number++) {
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      try {
        write.accept(number);
        millis.add((System.nanoTime() - due) / 1e6);
      } catch (RuntimeException | AssertionError e) {
        failures.add(String.valueOf(e.getMessage()));
      }
      due += EVERY_NANOS;
    }
    return new Writes(millis, failures);
  }
}
