package dev.tidemark.local.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast bytes went by in the last seconds, and how long the rest will take at that rate. */
final class Pace {
  private static final Duration WINDOW = Duration.ofSeconds(15);

  private record Point(Instant time, long bytes) {}

  private final Deque<Point> points = new ArrayDeque<>();

  void at(Instant now, long bytes) {
    // What was counted and is read again, as after a lost snapshot, goes by again.
    while (!points.isEmpty() && points.peekLast().bytes() > bytes) {
      points.removeLast();
    }
    points.addLast(new Point(now, bytes));
    while (points.size() > 2
        && Duration.between(points.peekFirst().time(), now).compareTo(WINDOW) > 0) {
      points.removeFirst();
    }
  }

  /** Bytes a second; 0 while nothing can be said. */
  long bytesPerSecond() {
    if (points.size() < 2) {
      return 0;
    }
    Point first = points.getFirst();
    Point last = points.getLast();
    long millis = Duration.between(first.time(), last.time()).toMillis();
    return millis < 500 ? 0 : (last.bytes() - first.bytes()) * 1000 / millis;
  }

  /** {@code 12.0 MiB/s, 3m 20s left}; empty while nothing can be said. */
  String words(long bytes, long total) {
    long rate = bytesPerSecond();
    if (rate <= 0) {
      return "";
    }
    String speed = Units.bytes(rate) + "/s";
    return total <= bytes
        ? speed
        : speed + ", " + Units.duration(Duration.ofSeconds((total - bytes) / rate + 1)) + " left";
  }
}
