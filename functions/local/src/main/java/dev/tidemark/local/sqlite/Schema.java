package dev.tidemark.local.sqlite;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables of a state file. SQLite keeps two numbers for us in the file's header: whose file it
 * is, and the format.
 */
final class Schema {
  static final int CURRENT = 1;

  private static final int TIDEMARK = 0x74696465;

  private static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE rows (
            partition TEXT NOT NULL,
            sort TEXT NOT NULL,
            version INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (partition, sort)
          )""",
          // One counter for the whole table, so that a row created anew continues its versions.
          "CREATE TABLE versions (last INTEGER NOT NULL)",
          "INSERT INTO versions VALUES (0)",
          """
          CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            queue TEXT NOT NULL,
            run TEXT NOT NULL,
            body TEXT NOT NULL,
            visible_at INTEGER NOT NULL,
            owner TEXT
          )""",
          "CREATE INDEX waiting ON messages (queue, visible_at, id) WHERE owner IS NULL",
          "CREATE INDEX held ON messages (owner) WHERE owner IS NOT NULL",
          "PRAGMA application_id = " + TIDEMARK,
          "PRAGMA user_version = " + CURRENT);

  private Schema() {}

  /** Whether the file has our tables; false for an empty one. Refuses any other file. */
  static boolean isIn(Path file, Session session) throws SQLException {
    long format = session.number("PRAGMA user_version");
    boolean ours = session.number("PRAGMA application_id") == TIDEMARK;
    if (!ours && (format != 0 || session.number("SELECT count(*) FROM sqlite_schema") != 0)) {
      throw PermanentFailure.of(Kind.INVALID, "state file " + file)
          .expected("a state file of Tidemark")
          .found("another program's SQLite database")
          .hint("name another state folder");
    }
    if (format > CURRENT) {
      throw PermanentFailure.of(Kind.INVALID, "state file " + file)
          .expected("a format up to " + CURRENT)
          .found("format " + format)
          .hint("use the newer release of Tidemark that wrote it, or another state folder");
    }
    return ours;
  }

  /** Makes the tables, within a transaction. */
  static void create(Session session) throws SQLException {
    for (String statement : STATEMENTS) {
      session.execute(statement);
    }
  }
}
