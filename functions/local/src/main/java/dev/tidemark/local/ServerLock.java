package dev.tidemark.local;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import java.util.List;
import java.util.Optional;

/**
 * Which process serves a state folder: a row of the table names it, and counts as long as that
 * process lives.
 */
final class ServerLock implements AutoCloseable {
  private static final String PARTITION = "d";
  private static final String SORT = "server";

  private final StateTable table;

  private ServerLock(StateTable table) {
    this.table = table;
  }

  /**
   * Makes this process the server.
   *
   * @throws PermanentFailure CONFLICT where another is
   */
  static ServerLock take(StateTable table, Processes processes) {
    while (true) {
      Optional<Row> row = table.get(PARTITION, SORT);
      if (row.isPresent() && !processes.gone(row.get().body())) {
        throw PermanentFailure.of(CONFLICT, "the state folder")
            .expected("no other server on it")
            .found("one that runs")
            .hint("stop it, or give this one another state folder");
      }
      Commit commit =
          row.isPresent()
              ? Commit.in(PARTITION).replace(row.get(), processes.id())
              : Commit.in(PARTITION).create(SORT, processes.id());
      if (table.commit(commit)) {
        return new ServerLock(table);
      }
    }
  }

  /** Whether another process serves the state folder. */
  static boolean isTaken(StateTable table, Processes processes) {
    return table
        .get(PARTITION, SORT)
        .filter(row -> !row.body().equals(processes.id()))
        .filter(row -> !processes.gone(row.body()))
        .isPresent();
  }

  @Override
  public void close() {
    table.discard(PARTITION, List.of(SORT));
  }
}
