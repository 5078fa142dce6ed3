package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table, as the flow reads it. */
final class Ledger {
  private static final int PAGE = 500;

  private final StateTable table;

  Ledger(StateTable table) {
    this.table = table;
  }

  boolean commit(Commit commit) {
    return table.commit(commit);
  }

  <T> Optional<Held<T>> find(String partition, String sort, Class<T> type) {
    return table.get(partition, sort).map(row -> held(row, type));
  }

  Optional<Held<RunRow>> run(String run) {
    int dot = run.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    return find(
        Rows.cluster(run.substring(0, dot)), Rows.run(run.substring(dot + 1)), RunRow.class);
  }

  Held<RunRow> requireRun(String run) {
    return run(run)
        .orElseThrow(
            () ->
                PermanentFailure.of(PermanentFailure.Kind.NOT_FOUND, "run " + run)
                    .expected("a run that this deployment knows")
                    .found("none"));
  }

  /** The run, if it is in this status; else nothing. */
  Optional<Held<RunRow>> runIn(String run, Status status) {
    return run(run).filter(held -> held.value().status() == status);
  }

  /** Up to {@code limit} rows with this prefix, from the first. */
  <T> List<Held<T>> first(String partition, String prefix, int limit, Class<T> type) {
    return table.query(partition, prefix, null, limit).stream()
        .map(row -> held(row, type))
        .toList();
  }

  boolean any(String partition, String prefix) {
    return !table.query(partition, prefix, null, 1).isEmpty();
  }

  /** All rows with this prefix, read page by page while they are consumed. */
  <T> Iterable<Held<T>> all(String partition, String prefix, Class<T> type) {
    return () -> new Pages<>(partition, prefix, type);
  }

  /** The raw rows with this prefix. */
  List<Row> rows(String partition, String prefix) {
    List<Row> all = new ArrayList<>();
    String after = null;
    while (true) {
      List<Row> page = table.query(partition, prefix, after, PAGE);
      all.addAll(page);
      if (page.size() < PAGE) {
        return all;
      }
      after = page.get(page.size() - 1).sort();
    }
  }

  /** Notes that there is such a cluster; before its first rows. */
  void noteCluster(String cluster) {
    if (table.get(Rows.CLUSTERS, cluster).isEmpty()) {
      table.commit(Commit.in(Rows.CLUSTERS).create(cluster, "{}"));
    }
  }

  /** Deletes rows that nobody needs any more, whatever their versions. */
  void discard(String partition, List<String> sorts) {
    for (int from = 0; from < sorts.size(); from += StateTable.MAX_CHANGES) {
      table.discard(
          partition, sorts.subList(from, Math.min(sorts.size(), from + StateTable.MAX_CHANGES)));
    }
  }

  private static <T> Held<T> held(Row row, Class<T> type) {
    return new Held<>(row, RowCodec.read(row, type));
  }

  private final class Pages<T> implements java.util.Iterator<Held<T>> {
    private final String partition;
    private final String prefix;
    private final Class<T> type;
    private List<Row> page = List.of();
    private int at;
    private @Nullable String after;
    private boolean last;

    Pages(String partition, String prefix, Class<T> type) {
      this.partition = partition;
      this.prefix = prefix;
      this.type = type;
    }

    @Override
    public boolean hasNext() {
      if (at < page.size()) {
        return true;
      }
      if (last) {
        return false;
      }
      page = table.query(partition, prefix, after, PAGE);
      at = 0;
      last = page.size() < PAGE;
      if (!page.isEmpty()) {
        after = page.get(page.size() - 1).sort();
      }
      return !page.isEmpty();
    }

    @Override
    public Held<T> next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      return held(page.get(at++), type);
    }
  }
}
