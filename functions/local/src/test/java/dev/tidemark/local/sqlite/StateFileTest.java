package dev.tidemark.local.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.StateTable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

class StateFileTest {
  private final Path folder;

  StateFileTest(@TempDir Path temporary) {
    this.folder = temporary.resolve("state/of/mine");
  }

  @Test
  void aNewFolderIsItsOwnersOnlyAndKeepsWhatWasCommitted() throws IOException {
    try (var file = StateFile.open(folder)) {
      assertThat(new SqliteStateTable(file).commit(Commit.in("p").create("a", "1"))).isTrue();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    try (var file = StateFile.open(folder)) {
      assertThat(new SqliteStateTable(file).get("p", "a").orElseThrow().body()).isEqualTo("1");
    }
  }

  @Test
  void aFileOfANewerReleaseIsRefusedAndLeftAlone() throws IOException {
    StateFile.open(folder).close();
    sql("PRAGMA user_version = " + (Schema.CURRENT + 1));
    byte[] before = Files.readAllBytes(folder.resolve("state.db"));
    PermanentFailure failure = failure(() -> StateFile.open(folder));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.found()).isEqualTo("format " + (Schema.CURRENT + 1));
    assertThat(failure.hint()).contains("newer release");
    assertThat(failure.subject()).contains(folder.resolve("state.db").toString());
    assertThat(Files.readAllBytes(folder.resolve("state.db"))).isEqualTo(before);
  }

  @Test
  void anotherProgramsDatabaseIsRefused() throws IOException {
    Files.createDirectories(folder);
    sql("CREATE TABLE theirs (a)");
    PermanentFailure failure = failure(() -> StateFile.open(folder));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.found()).contains("another program");
  }

  @Test
  void aFileThatIsNoDatabaseIsReportedAsDamaged() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("state.db"), "this is no database\n".repeat(500));
    PermanentFailure failure = failure(() -> StateFile.open(folder));
    assertThat(failure.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(failure.hint()).contains("catalog rebuild");
  }

  @Test
  void aDatabaseThatWasOverwrittenInTheMiddleIsReportedAsDamaged() throws IOException {
    try (var file = StateFile.open(folder)) {
      StateTable table = new SqliteStateTable(file);
      for (int i = 0; i < 20; i++) {
        assertThat(table.commit(Commit.in("p").create("r" + i, "x".repeat(3_000)))).isTrue();
      }
    }
    try (var bytes = new RandomAccessFile(folder.resolve("state.db").toFile(), "rw")) {
      bytes.seek(4_096);
      bytes.write(new byte[(int) bytes.length() - 4_096]);
    }
    PermanentFailure failure =
        failure(
            () -> {
              try (var file = StateFile.open(folder)) {
                new SqliteStateTable(file).query("p", "", null, 100);
              }
            });
    assertThat(failure.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(failure).hasMessageContaining("state.db");
  }

  @Test
  void aPlaceThatCannotBeUsedIsNamed() throws IOException {
    Files.createDirectories(folder.resolve("state.db"));
    PermanentFailure failure = failure(() -> StateFile.open(folder));
    assertThat(failure.kind()).isEqualTo(Kind.FAILED);
    assertThat(failure).hasMessageContaining("state.db").hasMessageContaining("permissions");

    Path blocked = Files.createFile(folder.resolve("file"));
    assertThat(failure(() -> StateFile.open(blocked.resolve("state"))))
        .hasMessageContaining(blocked.toString());
  }

  @Test
  void aReadOnlyFileIsAPermanentFailure() {
    try (var file = StateFile.open(folder)) {
      PermanentFailure failure =
          failure(
              () ->
                  file.write(
                      session -> {
                        session.execute("PRAGMA query_only = ON");
                        return session.update("UPDATE versions SET last = 9");
                      }));
      assertThat(failure.kind()).isEqualTo(Kind.FAILED);
      assertThat(failure).hasMessageContaining("permissions");
    }
  }

  @Test
  void aFullDiskIsTransientAndUndoesTheCommit() {
    try (var file = StateFile.open(folder)) {
      StateTable table = new SqliteStateTable(file);
      assertThat(table.commit(Commit.in("p").create("before", ""))).isTrue();
      assertThatThrownBy(
              () ->
                  file.write(
                      session -> {
                        session.update(
                            "INSERT INTO rows VALUES (?, ?, ?, ?)", "p", "during", 1, "");
                        session.execute("PRAGMA max_page_count = 10");
                        return session.update(
                            "INSERT INTO rows VALUES (?, ?, ?, ?)",
                            "p",
                            "large",
                            1,
                            "x".repeat(1 << 20));
                      }))
          .isInstanceOf(TransientFailure.class)
          .hasMessageContaining("full")
          .hasMessageContaining("state.db");
      assertThat(table.query("p", "", null, 10)).extracting("sort").containsExactly("before");
      assertThat(table.commit(Commit.in("p").create("after", ""))).isTrue();
    }
  }

  @Test
  void anotherWriterIsWaitedForAndThenReported() {
    try (var holder = StateFile.open(folder);
        var waiting = StateFile.open(folder, Duration.ofMillis(20))) {
      StateTable table = new SqliteStateTable(waiting);
      holder.write(
          session -> {
            assertThatThrownBy(() -> table.commit(Commit.in("p").create("a", "")))
                .isInstanceOf(TransientFailure.class)
                .hasMessageContaining("locked");
            assertThat(table.get("p", "a")).as("readers do not wait").isEmpty();
            return 0;
          });
      assertThat(table.commit(Commit.in("p").create("a", ""))).isTrue();
    }
  }

  @Test
  void whatThrowsInsideATransactionUndoesIt() {
    try (var file = StateFile.open(folder)) {
      assertThatThrownBy(
              () ->
                  file.write(
                      session -> {
                        session.update("UPDATE versions SET last = 99");
                        throw new IllegalStateException("mid-way");
                      }))
          .hasMessage("mid-way");
      long last = file.read(session -> session.number("SELECT last FROM versions"));
      assertThat(last).isZero();
    }
  }

  @Test
  void aClosedFileIsNotUsedAgain() {
    var file = StateFile.open(folder);
    file.close();
    file.close();
    assertThatThrownBy(() -> new SqliteStateTable(file).get("p", "a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private void sql(String statement) {
    try (var connection =
            JDBC.createConnection(JDBC.PREFIX + folder.resolve("state.db"), new Properties());
        var sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static PermanentFailure failure(ThrowingCallable call) {
    return catchThrowableOfType(PermanentFailure.class, call);
  }
}
