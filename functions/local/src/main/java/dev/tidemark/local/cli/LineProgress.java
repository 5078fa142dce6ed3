package dev.tidemark.local.cli;

import dev.tidemark.local.app.Progress;
import dev.tidemark.local.app.Tidemark.ProgressListener;
import java.time.Duration;
import java.time.Instant;

/** Progress where there is no terminal: a line every 10 seconds. */
final class LineProgress implements ProgressListener {
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final Environment environment;
  private final String title;
  private final Pace pace = new Pace();
  private Instant next;

  LineProgress(Environment environment, String title) {
    this.environment = environment;
    this.title = title;
    this.next = environment.clock().instant().plus(EVERY);
  }

  @Override
  public synchronized void progress(Progress progress) {
    Instant now = environment.clock().instant();
    pace.at(now, progress.bytes());
    if (!now.isBefore(next)) {
      environment
          .err()
          .println(
              Units.time(now, environment.zone())
                  + "  "
                  + title
                  + "  "
                  + ProgressText.whole(progress, pace));
      next = now.plus(EVERY);
    }
  }
}
