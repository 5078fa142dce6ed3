package dev.tidemark.local.sqlite;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's errors in our two words. */
final class SqliteFailures {

  private SqliteFailures() {}

  /** Whether somebody else holds the file's lock. */
  static boolean isBusy(SQLException e) {
    SQLiteErrorCode code = primary(e);
    return code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED;
  }

  static RuntimeException translated(Path file, SQLException e) {
    String subject = "state file " + file;
    String message = String.valueOf(e.getMessage());
    return switch (primary(e)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new TransientFailure(subject + " is locked by another process for too long", e);
      case SQLITE_FULL -> new TransientFailure(subject + ": its disk is full", e);
      case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_INTERRUPT, SQLITE_PROTOCOL ->
          new TransientFailure(subject + " could not be read or written: " + message, e);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          PermanentFailure.of(Kind.DAMAGED, subject)
              .expected("an intact SQLite database")
              .found(message)
              .hint("move it away with its -wal file, then run 'tidemark catalog rebuild'")
              .cause(e);
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
          PermanentFailure.of(Kind.FAILED, subject)
              .expected("a file that this user may read and write, in a folder likewise")
              .found(message)
              .hint("check the owner and the permissions of the state folder")
              .cause(e);
      default ->
          PermanentFailure.of(Kind.FAILED, subject)
              .expected("SQLite to do as told")
              .found(message)
              .cause(e);
    };
  }

  private static SQLiteErrorCode primary(SQLException e) {
    return e instanceof SQLiteException sqlite
        ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
        : SQLiteErrorCode.SQLITE_ERROR;
  }
}
