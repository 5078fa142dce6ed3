package dev.tidemark.engine.directory;

import dev.tidemark.core.parallel.Crew;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Small files on their way to the disk, made by several threads in batches: most of their time is
 * the kernel's, for making and naming them. What goes wrong with one is thrown when a later one is
 * added, or by {@link #await}. For one thread.
 */
final class SmallFiles implements AutoCloseable {
  /** The largest one. */
  static final int MOST_BYTES = 1 << 20;

  private static final int BATCH_FILES = 64;
  private static final int BATCH_BYTES = 2 << 20;
  private static final int MOST_THREADS = 4;

  private final Maker maker;
  private final Crew crew =
      new Crew(Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
  private final List<Future<@Nullable Void>> running = new ArrayList<>();
  private final Set<EntryPath> paths = new HashSet<>();
  private List<Whole> batch = new ArrayList<>();
  private int batchBytes;

  /** Makes one file, whole. */
  interface Maker {
    void make(Path file, ByteBuffer content, FileMeta meta) throws IOException;

    /** What to throw where that failed. */
    RuntimeException failure(EntryPath path, IOException cause);
  }

  private record Whole(Path file, ByteBuffer content, FileMeta meta) {}

  SmallFiles(Maker maker) {
    this.maker = maker;
  }

  /** Whether a file may still be on its way. */
  boolean holds(EntryPath path) {
    return paths.contains(path);
  }

  /** Whether a file may be on its way to where a folder, or one above it, is to be. */
  boolean holdsOnTheWayTo(EntryPath path) {
    if (paths.isEmpty()) {
      return false;
    }
    for (EntryPath up = path; !up.isRoot(); up = up.parent()) {
      if (paths.contains(up)) {
        return true;
      }
    }
    return false;
  }

  void add(Path file, ByteBuffer content, FileMeta meta) {
    batch.add(new Whole(file, content, meta));
    batchBytes += content.remaining();
    paths.add(meta.path());
    if (batch.size() >= BATCH_FILES || batchBytes >= BATCH_BYTES) {
      submit();
    }
  }

  /** Returns when all are made. */
  void await() {
    submit();
    running.forEach(Crew::join);
    running.clear();
    paths.clear();
  }

  private void submit() {
    List<Whole> full = batch;
    if (full.isEmpty()) {
      return;
    }
    batch = new ArrayList<>();
    batchBytes = 0;
    running.add(crew.submit(() -> make(full)));
  }

  private @Nullable Void make(List<Whole> files) {
    for (Whole each : files) {
      try {
        maker.make(each.file(), each.content(), each.meta());
      } catch (IOException e) {
        throw maker.failure(each.meta().path(), e);
      }
    }
    return null;
  }

  /** Drops what was not awaited. */
  @Override
  public void close() {
    crew.close();
  }
}
