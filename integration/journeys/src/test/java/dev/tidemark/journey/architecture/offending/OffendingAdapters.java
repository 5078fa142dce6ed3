package dev.tidemark.journey.architecture.offending;

import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.events.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An adapter without a test, and a wrapper that needs none. */
public final class OffendingAdapters {

  private OffendingAdapters() {}

  static class UnprovenTable implements StateTable {
    @Override
    public Optional<Row> get(String partition, String sort) {
      return Optional.empty();
    }

    @Override
    public List<Row> query(String partition, String prefix, @Nullable String after, int limit) {
      return List.of();
    }

    @Override
    public boolean commit(Commit commit) {
      return false;
    }

    @Override
    public void discard(String partition, List<String> sorts) {}
  }

  static final class WrappingQueue implements WorkQueue {
    private final WorkQueue wrapped;

    WrappingQueue(WorkQueue wrapped) {
      this.wrapped = wrapped;
    }

    @Override
    public Duration longestDelay() {
      return wrapped.longestDelay();
    }

    @Override
    public void send(WorkItem item, Duration delay) {
      wrapped.send(item, delay);
    }
  }
}
