package dev.tidemark.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Several threads that begin at the same time. */
public final class Race {

  private Race() {}

  /** The results of all runners in their order; the first failure of one is thrown. */
  public static <T> List<T> of(int runners, IntFunction<Callable<T>> runner)
      throws InterruptedException, ExecutionException {
    var start = new CyclicBarrier(runners);
    var threads = Executors.newFixedThreadPool(runners);
    var ended = new ExecutorCompletionService<T>(threads);
    try {
      var futures = new ArrayList<Future<T>>();
      for (int i = 0; i < runners; i++) {
        Callable<T> task = runner.apply(i);
        futures.add(
            ended.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      // Whoever fails ends the race, also where others wait for what it was to do.
      for (int i = 0; i < runners; i++) {
        ended.take().get();
      }
      var results = new ArrayList<T>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
