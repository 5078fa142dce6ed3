package dev.tidemark.local;

import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.local.app.Progress;
import dev.tidemark.local.app.Tidemark.ProgressListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Works a run of this host until it has ended, and is closed if it can be. */
final class RunAwaiter {
  /** How long an ended run is worked on for its closing; what is left the next command does. */
  private static final Duration CLOSING = Duration.ofSeconds(30);

  /** A run that can be resumed is not closed yet; but what hurts meanwhile is given up at once. */
  private static final Duration GIVING_UP = Duration.ofSeconds(1);

  /** For each run that an earlier command left. */
  private static final Duration CLOSING_OTHERS = Duration.ofSeconds(5);

  private final LocalHost host;
  private final String run;
  private final ProgressListener listener;
  private Instant looked = Instant.EPOCH;
  private long closings;
  private Instant ended = Instant.EPOCH;

  RunAwaiter(LocalHost host, String run, ProgressListener listener) {
    this.host = host;
    this.run = run;
    this.listener = listener;
  }

  void await() {
    try {
      host.work(run, this::over);
      if (!host.isServed()) {
        closeOthers();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      host.progress().forget(run);
    }
  }

  /** Ended runs that could not be closed when the command ended that worked them. */
  private void closeOthers() throws InterruptedException {
    for (String cluster : host.register().clusters()) {
      for (RunView other : host.register().runs(cluster)) {
        if (other.status().terminal() && !other.closed() && !resumable(other)) {
          Instant end = host.clock().instant().plus(CLOSING_OTHERS);
          host.work(other.id(), () -> closed(other.id()) || host.clock().instant().isAfter(end));
        }
      }
    }
  }

  private boolean resumable(RunView view) {
    return view.resumableUntil() != null && host.clock().instant().isBefore(view.resumableUntil());
  }

  private boolean closed(String id) {
    return host.register().run(id).map(RunView::closed).orElse(true);
  }

  private boolean over() {
    Instant now = host.clock().instant();
    long closed = host.closings();
    if (closed == closings && Duration.between(looked, now).compareTo(LocalHost.LOOK) < 0) {
      return false;
    }
    closings = closed;
    looked = now;
    RunView view = host.register().run(run).orElseThrow();
    listener.progress(progress(view));
    if (!view.status().terminal()) {
      return false;
    }
    // What this process is in the middle of, like a hook, may end with something to be released.
    ended = ended.equals(Instant.EPOCH) || host.busy() ? now : ended;
    Duration patience = view.resumableUntil() == null ? CLOSING : GIVING_UP;
    return view.closed() || Duration.between(ended, now).compareTo(patience) > 0;
  }

  private Progress progress(RunView view) {
    List<Progress.Node> nodes = new ArrayList<>();
    long bytes = 0;
    long total = 0;
    for (Map.Entry<String, List<LiveProgress.Unit>> node : host.progress().of(run).entrySet()) {
      List<Progress.Unit> active = new ArrayList<>();
      long nodeBytes = 0;
      long nodeTotal = 0;
      for (LiveProgress.Unit unit : node.getValue()) {
        nodeBytes += unit.done();
        nodeTotal += Math.max(unit.total(), unit.done());
        if (view.open().stream().anyMatch(open -> open.name().equals(unit.name()))) {
          active.add(new Progress.Unit(unit.name(), unit.done(), unit.total()));
        }
      }
      nodes.add(
          new Progress.Node(
              node.getKey(),
              node.getValue().size(),
              node.getValue().size() - active.size(),
              nodeBytes,
              nodeTotal,
              active));
      bytes += nodeBytes;
      total += nodeTotal;
    }
    return new Progress(
        dev.tidemark.core.control.Status.of(view.status()),
        nodes,
        Math.max(0, view.units()),
        view.status() == Status.STARTED ? 0 : view.done(),
        bytes,
        total);
  }
}
