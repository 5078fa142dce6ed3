package dev.tidemark.local.sqlite;

import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Commit.Change;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state table in a state file. */
public final class SqliteStateTable implements StateTable {
  private static final String QUERY =
      """
      SELECT sort, version, body FROM rows
      WHERE partition = ? AND sort %s ? AND sort < ?
      ORDER BY sort LIMIT ?""";

  private final StateFile file;

  public SqliteStateTable(StateFile file) {
    this.file = file;
  }

  @Override
  public Optional<Row> get(String partition, String sort) {
    return file.read(
        session -> {
          try (ResultSet found =
              session.query(
                  "SELECT sort, version, body FROM rows WHERE partition = ? AND sort = ?",
                  partition,
                  sort)) {
            return found.next() ? Optional.of(row(partition, found)) : Optional.empty();
          }
        });
  }

  @Override
  public List<Row> query(String partition, String prefix, @Nullable String after, int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("a query's limit is 1 to 1 000, not " + limit);
    }
    boolean fromStart = after == null || after.compareTo(prefix) < 0;
    return file.read(
        session -> {
          var rows = new ArrayList<Row>();
          // '~' follows every character of a key.
          try (ResultSet found =
              session.query(
                  fromStart ? QUERY.formatted(">=") : QUERY.formatted(">"),
                  partition,
                  fromStart ? prefix : after,
                  prefix + "~",
                  limit)) {
            while (found.next()) {
              rows.add(row(partition, found));
            }
          }
          return rows;
        });
  }

  @Override
  public boolean commit(Commit commit) {
    List<Change> changes = commit.changes();
    return file.write(
        session -> {
          long version = session.number("UPDATE versions SET last = last + 1 RETURNING last");
          for (Change change : changes) {
            if (!made(session, commit.partition(), change, version)) {
              session.undo();
              return false;
            }
          }
          return true;
        });
  }

  @Override
  public void discard(String partition, List<String> sorts) {
    if (sorts.size() > MAX_CHANGES) {
      throw new IllegalArgumentException(
          "at most %d rows are discarded at once, not %d".formatted(MAX_CHANGES, sorts.size()));
    }
    file.write(
        session -> {
          int gone = 0;
          for (String sort : sorts) {
            gone +=
                session.update(
                    "DELETE FROM rows WHERE partition = ? AND sort = ?", partition, sort);
          }
          return gone;
        });
  }

  private static boolean made(Session session, String partition, Change change, long version)
      throws SQLException {
    if (change instanceof Change.Create create) {
      return session.update(
              "INSERT OR IGNORE INTO rows (partition, sort, version, body) VALUES (?, ?, ?, ?)",
              partition,
              create.sort(),
              version,
              create.body())
          == 1;
    }
    if (change instanceof Change.Replace replace) {
      return session.update(
              """
              UPDATE rows SET version = ?, body = ?
              WHERE partition = ? AND sort = ? AND version = ?""",
              version,
              replace.body(),
              partition,
              replace.sort(),
              replace.version())
          == 1;
    }
    if (change instanceof Change.Delete delete) {
      return session.update(
              "DELETE FROM rows WHERE partition = ? AND sort = ? AND version = ?",
              partition,
              delete.sort(),
              delete.version())
          == 1;
    }
    var require = (Change.Require) change;
    return session.number(
            "SELECT count(*) FROM rows WHERE partition = ? AND sort = ? AND version = ?",
            partition,
            require.sort(),
            require.version())
        == 1;
  }

  private static Row row(String partition, ResultSet found) throws SQLException {
    return new Row(partition, found.getString(1), found.getLong(2), found.getString(3));
  }
}
