package dev.tidemark.core.parallel;

import dev.tidemark.core.failure.TransientFailure;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Workers for the independent pieces of one job. With a parallelism of 1 a piece runs in the thread
 * that submits it, so that the order of all calls is that of the submissions. Threads are made when
 * the first piece comes. Pieces are submitted by one thread.
 */
public final class Crew implements AutoCloseable {
  private final int parallelism;
  private final Semaphore room;
  private @Nullable ThreadPoolExecutor threads;
  private volatile @Nullable Throwable failure;

  /**
   * @param parallelism how many pieces run at once, at least 1
   */
  public Crew(int parallelism) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("a parallelism of " + parallelism);
    }
    this.parallelism = parallelism;
    this.room = new Semaphore(parallelism + 1);
  }

  /**
   * Runs a piece, now or soon. Waits while there are more pieces than workers.
   *
   * @throws RuntimeException what an earlier piece failed with
   */
  public <T> Future<T> submit(Callable<T> piece) {
    rethrow(failure);
    acquire();
    var task = new FutureTask<>(() -> run(piece));
    if (parallelism == 1) {
      task.run();
    } else {
      threads().execute(task);
    }
    return task;
  }

  private <T> T run(Callable<T> piece) throws Exception {
    try {
      return piece.call();
    } catch (Throwable e) {
      failure = e;
      throw e;
    } finally {
      room.release();
    }
  }

  /**
   * Waits for a piece's result.
   *
   * @throws RuntimeException what the piece failed with
   */
  public static <T> T join(Future<T> piece) {
    try {
      return piece.get();
    } catch (ExecutionException e) {
      rethrow(e.getCause());
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientFailure("interrupted while pieces were under way", e);
    }
  }

  /** Drops pieces that have not begun, and returns when the others have ended. */
  @Override
  public void close() {
    ThreadPoolExecutor running = threads;
    if (running == null) {
      return;
    }
    running.getQueue().clear();
    running.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (running.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void acquire() {
    try {
      room.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientFailure("interrupted while pieces were under way", e);
    }
  }

  private ThreadPoolExecutor threads() {
    ThreadPoolExecutor made = threads;
    if (made == null) {
      made =
          new ThreadPoolExecutor(
              parallelism,
              parallelism,
              0,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              Crew::thread);
      threads = made;
    }
    return made;
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "tidemark-mover");
    thread.setDaemon(true);
    return thread;
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }
}
