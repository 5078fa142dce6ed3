package dev.tidemark.local.sqlite;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;

/**
 * The SQLite file of a state folder, for all threads of a process: one connection that writes and
 * one that reads, so that a reader does not wait for a writer's sync. Another process's lock is
 * waited for, up to 15 seconds.
 */
public final class StateFile implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** What is done with a session. */
  interface Work<T> {
    T with(Session session) throws SQLException;
  }

  private final Path file;
  private final Duration patience;
  private final Side writer = new Side();
  private final Side reader = new Side();

  private StateFile(Path file, Duration patience) {
    this.file = file;
    this.patience = patience;
  }

  /**
   * Opens {@code state.db} in that folder, and makes what is missing.
   *
   * @throws PermanentFailure INVALID where the file is another program's or a newer release's,
   *     DAMAGED where it is broken, FAILED where it cannot be used
   */
  public static StateFile open(Path folder) {
    return open(folder, PATIENCE);
  }

  static StateFile open(Path folder, Duration patience) {
    makeFolder(folder);
    NativeLibrary.unpackTo(folder.resolve("native"));
    var state = new StateFile(folder.resolve("state.db"), patience);
    try {
      if (!state.read(session -> Schema.isIn(state.file, session))) {
        state.write(state::createSchema);
      }
      return state;
    } catch (RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /** Where it lies. */
  public Path path() {
    return file;
  }

  @Override
  public void close() {
    writer.close();
    reader.close();
  }

  /** Runs queries, each of which sees all that was committed before it. */
  <T> T read(Work<T> work) {
    return reader.run(work);
  }

  /**
   * Runs queries and changes in one transaction that excludes all other writers. Whatever {@code
   * work} throws undoes it, and so does {@link Session#undo}.
   */
  <T> T write(Work<T> work) {
    return writer.run(
        session -> {
          session.update("BEGIN IMMEDIATE");
          T result = work.with(session);
          session.update(session.undone() ? "ROLLBACK" : "COMMIT");
          return result;
        });
  }

  private boolean createSchema(Session session) throws SQLException {
    if (!Schema.isIn(file, session)) {
      Schema.create(session);
    }
    return true;
  }

  private static void makeFolder(Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        return;
      }
      if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw PermanentFailure.of(Kind.FAILED, "state folder " + folder)
          .expected("a folder, or the right to make it")
          .found(e.toString())
          .cause(e);
    }
  }

  /** A connection that is opened when it is needed, and anew after a failure. */
  private final class Side {
    private final ReentrantLock lock = new ReentrantLock(true);
    private @Nullable Session session;
    private boolean closed;

    <T> T run(Work<T> work) {
      lock.lock();
      boolean done = false;
      try {
        if (closed) {
          throw new IllegalStateException(file + " was closed");
        }
        if (session == null) {
          session = connected();
        }
        T result = work.with(session);
        done = true;
        return result;
      } catch (SQLException e) {
        throw SqliteFailures.translated(file, e);
      } finally {
        // Closing undoes an open transaction, and no state of a failed connection is trusted.
        if (!done) {
          disconnect();
        }
        lock.unlock();
      }
    }

    void close() {
      lock.lock();
      try {
        closed = true;
        disconnect();
      } finally {
        lock.unlock();
      }
    }

    private void disconnect() {
      Session old = session;
      session = null;
      try {
        if (old != null) {
          old.close();
        }
      } catch (SQLException e) {
        throw SqliteFailures.translated(file, e);
      }
    }

    private Session connected() throws SQLException {
      long deadline = System.nanoTime() + patience.toNanos();
      while (true) {
        try {
          return connect();
        } catch (SQLException e) {
          // SQLite does not itself wait for the lock that changes the journal mode.
          if (!SqliteFailures.isBusy(e) || System.nanoTime() > deadline) {
            throw e;
          }
          LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
      }
    }

    private Session connect() throws SQLException {
      var properties = new Properties();
      properties.setProperty("busy_timeout", String.valueOf(patience.toMillis()));
      Connection connection = JDBC.createConnection(JDBC.PREFIX + file, properties);
      var fresh = new Session(connection);
      try {
        // The log outlives a process that is killed; each commit is synced before it is answered.
        fresh.execute("PRAGMA journal_mode = WAL");
        fresh.execute("PRAGMA synchronous = FULL");
        return fresh;
      } catch (SQLException e) {
        fresh.close();
        throw e;
      }
    }
  }
}
