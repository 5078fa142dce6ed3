package dev.tidemark.local;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets workers of this process sleep until something was sent, or for a while. */
final class Wakeup {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition sent = lock.newCondition();
  private long count;

  /** How often something was sent so far; for {@link #await}. */
  long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  void signal() {
    lock.lock();
    try {
      count++;
      sent.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns at once where something was sent since {@code seen} was counted. */
  void await(long seen, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (count == seen && left > 0) {
        left = sent.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
