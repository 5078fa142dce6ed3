package dev.tidemark.local;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.time.Ids;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who of the processes on a state folder is alive. Each takes a file {@code processes/ID.lock} and
 * its operating system's lock on it, which ends with the process however that ends. An id is never
 * used again, so what a dead process owned may be taken over at once.
 *
 * <p>The folder must lie on a file system whose locks all its processes see: a local disk.
 */
public final class Processes implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("[a-z0-9]{1,40}");
  private static final String SUFFIX = ".lock";

  /**
   * The lock files of this JVM. POSIX takes a process's lock away as soon as it closes any other
   * handle of the file, so a file of our own must never be opened to look at it; and that holds for
   * the whole process, whichever object took the lock.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final String id;
  private final FileChannel lock;

  private Processes(Path folder, String id, FileChannel lock) {
    this.folder = folder;
    this.id = id;
    this.lock = lock;
  }

  /** Makes this process known under a new id, and clears away the files of dead ones. */
  public static Processes start(Path stateFolder, Ids ids) {
    try {
      Path folder = Files.createDirectories(stateFolder.resolve("processes")).toRealPath();
      while (true) {
        String id = ids.text(12);
        FileChannel lock = take(folder.resolve(id + SUFFIX));
        if (lock != null) {
          var processes = new Processes(folder, id, lock);
          processes.clear();
          return processes;
        }
      }
    } catch (IOException e) {
      throw PermanentFailure.of(Kind.FAILED, "state folder " + stateFolder)
          .expected("a folder to write into, on a file system with locks")
          .found(e.toString())
          .cause(e);
    }
  }

  /** This process's id: 12 of {@code [a-z0-9]}. */
  public String id() {
    return id;
  }

  /**
   * Whether the process of that id is dead for sure; true also for what was never an id here.
   *
   * @throws TransientFailure where the operating system did not say
   */
  public boolean gone(String id) {
    return !ID.matcher(id).matches() || gone(folder.resolve(id + SUFFIX));
  }

  /** Gives the id up: from now on this process counts as dead. */
  @Override
  public void close() {
    Path file = folder.resolve(id + SUFFIX);
    try (lock) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new TransientFailure("cannot delete " + file, e);
    } finally {
      OWN.remove(file);
    }
  }

  /** Null where another process, looking for dead ones, was there between creating and locking. */
  private static @Nullable FileChannel take(Path file) throws IOException {
    OWN.add(file);
    boolean taken = false;
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      taken = channel.tryLock() != null && Files.exists(file);
      return taken ? channel : null;
    } catch (FileAlreadyExistsException e) {
      return null;
    } finally {
      if (!taken) {
        OWN.remove(file);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private void clear() throws IOException {
    try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      files.forEach(Processes::gone);
    }
  }

  private static boolean gone(Path file) {
    if (OWN.contains(file)) {
      return false;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.tryLock() == null) {
        return false;
      }
      Files.deleteIfExists(file);
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (OverlappingFileLockException e) {
      // Another thread of this JVM is asking the same.
      return false;
    } catch (IOException e) {
      throw new TransientFailure("cannot tell whether the process of " + file + " lives", e);
    }
  }
}
