package dev.tidemark.local.cli;

import dev.tidemark.local.app.Progress;
import dev.tidemark.local.app.Tidemark.ProgressListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Progress on a terminal: the whole, each node, and the units it works, redrawn in place. */
final class TerminalProgress implements ProgressListener {
  private static final Duration EVERY = Duration.ofMillis(200);
  private static final int MAX_NODES = 8;
  private static final int MAX_UNITS = 4;

  private final Environment environment;
  private final String title;
  private final Map<String, Pace> paces = new HashMap<>();
  private Instant next = Instant.MIN;
  private int drawn;

  TerminalProgress(Environment environment, String title) {
    this.environment = environment;
    this.title = title;
  }

  @Override
  public synchronized void progress(Progress progress) {
    Instant now = environment.clock().instant();
    List<String> lines = lines(progress, now);
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(EVERY);
    draw(lines);
  }

  synchronized void clear() {
    draw(List.of());
  }

  private List<String> lines(Progress progress, Instant now) {
    List<String> lines = new ArrayList<>();
    Map<String, Pace> seen = new HashMap<>();
    lines.add(title + "  " + ProgressText.whole(progress, pace(seen, "", now, progress.bytes())));
    for (Progress.Node node : progress.nodes()) {
      Pace nodePace = pace(seen, node.name() + "\n", now, node.bytes());
      boolean ended = node.units() > 0 && node.unitsDone() == node.units();
      if (!ended && lines.size() <= MAX_NODES * (MAX_UNITS + 1)) {
        lines.add("  " + ProgressText.node(node, nodePace));
        for (Progress.Unit unit : node.active()) {
          Pace unitPace = pace(seen, node.name() + "\n" + unit.name(), now, unit.bytes());
          if (lines.size() <= MAX_NODES * (MAX_UNITS + 1)) {
            lines.add("    " + ProgressText.unit(unit, unitPace));
          }
        }
      }
    }
    paces.keySet().retainAll(seen.keySet());
    return lines;
  }

  private Pace pace(Map<String, Pace> seen, String key, Instant now, long bytes) {
    Pace pace = paces.computeIfAbsent(key, absent -> new Pace());
    pace.at(now, bytes);
    seen.put(key, pace);
    return pace;
  }

  private void draw(List<String> lines) {
    var text = new StringBuilder();
    if (drawn > 0) {
      text.append("\u001b[").append(drawn).append('A');
    }
    text.append("\r\u001b[J");
    for (String line : lines) {
      // A line that wraps would make the next redraw miscount.
      text.append(line, 0, Math.min(line.length(), environment.columns() - 1)).append('\n');
    }
    environment.err().print(text);
    environment.err().flush();
    drawn = lines.size();
  }
}
