package dev.tidemark.engine.http;

import dev.tidemark.core.failure.TransientFailure;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps what this process moves to and from a node below so many bytes a second, by making whoever
 * moved bytes wait for what they cost.
 */
public final class Throttle {
  /** No limit. */
  public static final Throttle NONE = new Throttle(0);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private long paidUntil;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  public Throttle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
    this.paidUntil = System.nanoTime();
  }

  void take(long bytes) {
    if (bytesPerSecond == 0 || bytes == 0) {
      return;
    }
    long until = pay(bytes);
    while (until - System.nanoTime() > 0) {
      LockSupport.parkNanos(until - System.nanoTime());
      if (Thread.currentThread().isInterrupted()) {
        throw new TransientFailure("interrupted");
      }
    }
  }

  private synchronized long pay(long bytes) {
    long now = System.nanoTime();
    // What was not used a while ago is not saved up, so that no burst exceeds the limit.
    long from = paidUntil - now > 0 ? paidUntil : now;
    paidUntil = from + Math.round((double) bytes / bytesPerSecond * SECOND);
    return paidUntil;
  }
}
