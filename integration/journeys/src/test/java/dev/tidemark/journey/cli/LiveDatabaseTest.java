package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The data folder of a real database: SQLite, which the class path has. */
@Execution(ExecutionMode.CONCURRENT)
class LiveDatabaseTest {
  private final Path folder;

  LiveDatabaseTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aStoppedDatabaseComesBackSound() throws IOException, SQLException {
    Workbench bench = Workbench.with(folder, "chunkSize: 8");
    try (Connection writer = open(bench.data())) {
      fill(writer, 20_000);
    }
    bench.run("backup", "create", "files", "--id", "b").done();
    bench.run("restore", "create", "b", "--to", "r").done();
    try (Connection restored = open(bench.restored("r/data"))) {
      assertThat(one(restored, "PRAGMA integrity_check")).isEqualTo("ok");
      assertThat(one(restored, "SELECT count(*) FROM vectors")).isEqualTo("20000");
    }
  }

  @Test
  void aDatabaseThatIsWrittenToIsBackedUpAndSaysSo()
      throws IOException, SQLException, InterruptedException, ExecutionException {
    Workbench bench = Workbench.with(folder, "chunkSize: 8");
    try (Connection writer = open(bench.data())) {
      fill(writer, 20_000);
      var stop = new AtomicBoolean();
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<Integer> writing =
          thread.submit(
              () -> {
                int rounds = 0;
                while (!stop.get()) {
                  change(writer, rounds++ % 40);
                }
                return rounds;
              });
      bench.run("backup", "create", "files", "--id", "live").done();
      stop.set(true);
      assertThat(writing.get()).as("commits while it was read").isPositive();
      thread.shutdown();
    }
    var shown = bench.run("backup", "show", "live", "--json").done().json();
    assertThat(shown.get("consistency").asText()).isEqualTo("crash");
    assertThat(shown.get("scope").asText()).isEqualTo("file");
    bench.run("verify", "live", "--level", "full").done();
    bench.run("restore", "create", "live", "--to", "r").done();
    assertThat(bench.restored("r/data/db")).exists();
  }

  private static Connection open(Path folder) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=OFF");
      statement.execute("CREATE TABLE IF NOT EXISTS vectors (id INTEGER PRIMARY KEY, v BLOB)");
    }
    return connection;
  }

  private static void fill(Connection connection, int rows) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
              + rows
              + ") INSERT INTO vectors (v) SELECT randomblob(512) FROM n");
    }
  }

  private static void change(Connection connection, int which) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("UPDATE vectors SET v = randomblob(512) WHERE id % 40 = " + which);
    }
  }

  private static String one(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }
}
