package dev.tidemark.core.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Up to {@link StateTable#MAX_CHANGES} changes of different rows in one partition, at least one of
 * them a put, all or nothing. Built by chaining; each call returns a new commit.
 */
public final class Commit {
  private static final Pattern KEY = Pattern.compile("[a-z0-9_.:-]{1,400}");

  private final String partition;
  private final List<Change> changes;

  /** One put or delete, on one condition. */
  public sealed interface Change {
    String sort();

    /** Writes a row that must not exist. */
    record Create(String sort, String body) implements Change {}

    /** Writes over a row that must be at {@code version}. */
    record Replace(String sort, long version, String body) implements Change {}

    /** Deletes a row that must be at {@code version}. */
    record Delete(String sort, long version) implements Change {}

    /** Changes nothing, but the row must be at {@code version}. */
    record Require(String sort, long version) implements Change {}
  }

  private Commit(String partition, List<Change> changes) {
    this.partition = partition;
    this.changes = changes;
  }

  public static Commit in(String partition) {
    return new Commit(requireKey(partition), List.of());
  }

  public Commit create(String sort, String body) {
    return with(new Change.Create(requireKey(sort), requireBody(sort, body)));
  }

  public Commit replace(Row row, String body) {
    return with(
        new Change.Replace(requireOwn(row).sort(), row.version(), requireBody(row.sort(), body)));
  }

  public Commit delete(Row row) {
    return with(new Change.Delete(requireOwn(row).sort(), row.version()));
  }

  public Commit require(Row row) {
    return with(new Change.Require(requireOwn(row).sort(), row.version()));
  }

  public String partition() {
    return partition;
  }

  /**
   * The changes in the order in which they were added.
   *
   * @throws IllegalStateException where there is no put, or there are too many changes
   */
  public List<Change> changes() {
    if (changes.size() > StateTable.MAX_CHANGES) {
      throw new IllegalStateException(
          "a commit has at most %d changes, this one in %s has %d"
              .formatted(StateTable.MAX_CHANGES, partition, changes.size()));
    }
    if (changes.stream()
        .noneMatch(c -> c instanceof Change.Create || c instanceof Change.Replace)) {
      throw new IllegalStateException("a commit needs at least one put: " + this);
    }
    return changes;
  }

  private Commit with(Change change) {
    var more = new ArrayList<>(changes);
    more.add(change);
    Set<String> sorts = new HashSet<>();
    for (Change each : more) {
      if (!sorts.add(each.sort())) {
        throw new IllegalArgumentException("two changes of row " + each.sort());
      }
    }
    return new Commit(partition, List.copyOf(more));
  }

  private Row requireOwn(Row row) {
    if (!row.partition().equals(partition)) {
      throw new IllegalArgumentException(
          "row %s/%s in a commit of %s".formatted(row.partition(), row.sort(), partition));
    }
    return row;
  }

  private static String requireKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("not a key of the table: '" + key + "'");
    }
    return key;
  }

  private static String requireBody(String sort, String body) {
    int bytes = body.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > StateTable.MAX_BODY_BYTES) {
      throw new IllegalArgumentException("row " + sort + " would have " + bytes + " bytes");
    }
    return body;
  }

  @Override
  public String toString() {
    return partition + " " + changes;
  }
}
