package dev.tidemark.local.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection with its prepared statements; used by one thread at a time. */
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private boolean undo;

  Session(Connection connection) {
    this.connection = connection;
  }

  /** Runs a change and says how many rows it changed. */
  int update(String sql, @Nullable Object... parameters) throws SQLException {
    return bound(sql, parameters).executeUpdate();
  }

  /** Runs a query; the caller closes the result before it runs the same query again. */
  ResultSet query(String sql, @Nullable Object... parameters) throws SQLException {
    return bound(sql, parameters).executeQuery();
  }

  /** The number in the first row and column. */
  long number(String sql, @Nullable Object... parameters) throws SQLException {
    try (ResultSet result = query(sql, parameters)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Runs what is no query and is needed once. */
  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Makes the transaction that runs now end without effect. */
  void undo() {
    undo = true;
  }

  /** Whether {@link #undo} was called since this was last asked. */
  boolean undone() {
    boolean was = undo;
    undo = false;
    return was;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private PreparedStatement bound(String sql, @Nullable Object[] parameters) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }
}
