package dev.tidemark.core.memory;

import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Commit.Change;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table in memory: the object is the place, and all who hold it are its clients. */
public final class InMemoryStateTable implements StateTable {
  private final NavigableMap<String, NavigableMap<String, Row>> partitions = new TreeMap<>();
  private final String name;
  private final @Nullable SplittableRandom chance;
  private final Runnable meanwhile;
  private long version;

  private InMemoryStateTable(String name, @Nullable SplittableRandom chance, Runnable meanwhile) {
    this.name = name;
    this.chance = chance;
    this.meanwhile = meanwhile;
  }

  /** A table whose queries see one moment. */
  public static InMemoryStateTable kind() {
    return new InMemoryStateTable("kind table", null, () -> {});
  }

  /** A table whose queries give other threads a chance, and then mix what was with what is. */
  public static InMemoryStateTable mean(long seed) {
    return mean(seed, Thread::yield);
  }

  /**
   * A table whose queries mix the rows from before and after {@code meanwhile}.
   *
   * @param meanwhile runs inside each query, on the caller's thread and without a lock: a
   *     simulation lets others work here
   */
  public static InMemoryStateTable mean(long seed, Runnable meanwhile) {
    return new InMemoryStateTable(
        "mean table, seed " + seed, new SplittableRandom(seed), meanwhile);
  }

  @Override
  public synchronized Optional<Row> get(String partition, String sort) {
    return Optional.ofNullable(row(partition, sort));
  }

  @Override
  public List<Row> query(String partition, String prefix, @Nullable String after, int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("a query's limit is 1 to 1 000, not " + limit);
    }
    return chance == null
        ? page(partition, prefix, after, limit)
        : tornPage(partition, prefix, after, limit, chance);
  }

  @Override
  public synchronized boolean commit(Commit commit) {
    List<Change> changes = commit.changes();
    for (Change change : changes) {
      if (!holds(commit.partition(), change)) {
        return false;
      }
    }
    NavigableMap<String, Row> rows =
        partitions.computeIfAbsent(commit.partition(), absent -> new TreeMap<>());
    version++;
    for (Change change : changes) {
      apply(commit.partition(), change, rows);
    }
    return true;
  }

  @Override
  public synchronized void discard(String partition, List<String> sorts) {
    if (sorts.size() > MAX_CHANGES) {
      throw new IllegalArgumentException(sorts.size() + " rows are too many to discard at once");
    }
    NavigableMap<String, Row> rows = partitions.get(partition);
    if (rows != null) {
      sorts.forEach(rows::remove);
    }
  }

  /** All rows by partition and sort key, of one moment: for audits. */
  public synchronized List<Row> rows() {
    return partitions.values().stream().flatMap(rows -> rows.values().stream()).toList();
  }

  private boolean holds(String partition, Change change) {
    Row row = row(partition, change.sort());
    if (change instanceof Change.Create) {
      return row == null;
    }
    return row != null && row.version() == expectedVersion(change);
  }

  private static long expectedVersion(Change change) {
    if (change instanceof Change.Replace replace) {
      return replace.version();
    }
    if (change instanceof Change.Delete delete) {
      return delete.version();
    }
    return ((Change.Require) change).version();
  }

  private void apply(String partition, Change change, NavigableMap<String, Row> rows) {
    if (change instanceof Change.Create create) {
      rows.put(create.sort(), new Row(partition, create.sort(), version, create.body()));
    } else if (change instanceof Change.Replace replace) {
      rows.put(replace.sort(), new Row(partition, replace.sort(), version, replace.body()));
    } else if (change instanceof Change.Delete delete) {
      rows.remove(delete.sort());
    }
  }

  private @Nullable Row row(String partition, String sort) {
    NavigableMap<String, Row> rows = partitions.get(partition);
    return rows == null ? null : rows.get(sort);
  }

  private synchronized List<Row> page(
      String partition, String prefix, @Nullable String after, int limit) {
    NavigableMap<String, Row> rows = partitions.get(partition);
    if (rows == null) {
      return List.of();
    }
    var page = new ArrayList<Row>();
    // The keys are ASCII, where the order of chars is the order of bytes.
    var from =
        after == null || after.compareTo(prefix) < 0
            ? rows.tailMap(prefix, true)
            : rows.tailMap(after, false);
    for (Row row : from.values()) {
      if (page.size() == limit || !row.sort().startsWith(prefix)) {
        break;
      }
      page.add(row);
    }
    return page;
  }

  private List<Row> tornPage(
      String partition, String prefix, @Nullable String after, int limit, SplittableRandom random) {
    List<Row> before = page(partition, prefix, after, Integer.MAX_VALUE);
    meanwhile.run();
    List<Row> now = page(partition, prefix, after, Integer.MAX_VALUE);
    if (now.equals(before)) {
      return now.subList(0, Math.min(limit, now.size()));
    }
    NavigableMap<String, @Nullable Row[]> moments = new TreeMap<>();
    before.forEach(row -> moments.computeIfAbsent(row.sort(), s -> new Row[2])[0] = row);
    now.forEach(row -> moments.computeIfAbsent(row.sort(), s -> new Row[2])[1] = row);
    var page = new ArrayList<Row>();
    for (@Nullable Row[] row : moments.values()) {
      Row seen = row[flip(random)];
      if (seen != null && page.size() < limit) {
        page.add(seen);
      }
    }
    return page;
  }

  private synchronized int flip(SplittableRandom random) {
    return random.nextInt(2);
  }

  @Override
  public String toString() {
    return name + ", " + rows().size() + " rows";
  }
}
