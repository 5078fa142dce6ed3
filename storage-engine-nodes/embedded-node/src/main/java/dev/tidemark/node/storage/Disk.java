package dev.tidemark.node.storage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.micronaut.core.annotation.Introspected;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** How full the node's disk, or the part of it that the node may use, is. */
public final class Disk {
  static final int WARNING_PERCENT = 80;
  static final int READONLY_PERCENT = 90;

  private final Path folder;
  private final OptionalLong limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private volatile long totalBytes;

  /**
   * @param folder whose files count against the limit, a file of several names once
   * @param limitBytes empty: what the whole disk has
   */
  public Disk(Path folder, OptionalLong limitBytes) {
    this.folder = folder;
    this.limitBytes = limitBytes;
    measure();
  }

  /** How full it is. */
  public enum State {
    OK,
    WARNING,
    READONLY
  }

  /** A measurement as the API tells it. */
  @Introspected
  public record Use(
      State state,
      long usedBytes,
      long totalBytes,
      double percent,
      int warningPercent,
      int readonlyPercent) {
    @JsonIgnore
    String text() {
      return String.format(
          Locale.ROOT,
          "the disk is %.1f %% full (%d of %d bytes; read-only from %d %%)",
          percent,
          usedBytes,
          totalBytes,
          readonlyPercent);
    }
  }

  public Use use() {
    long used = usedBytes.get();
    double percent = totalBytes == 0 ? 100 : used * 100.0 / totalBytes;
    return new Use(state(percent), used, totalBytes, percent, WARNING_PERCENT, READONLY_PERCENT);
  }

  State state() {
    return use().state();
  }

  String reason() {
    return use().text();
  }

  private static State state(double percent) {
    if (percent >= READONLY_PERCENT) {
      return State.READONLY;
    }
    return percent >= WARNING_PERCENT ? State.WARNING : State.OK;
  }

  /** Counts what was just written, until the next measurement knows better. */
  void grew(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  public void measure() {
    try {
      if (limitBytes.isPresent()) {
        totalBytes = limitBytes.getAsLong();
        usedBytes.set(size(folder));
      } else {
        FileStore store = Files.getFileStore(folder);
        long used = store.getTotalSpace() - store.getUnallocatedSpace();
        // As df counts: what only the superuser could still use is no space.
        totalBytes = used + store.getUsableSpace();
        usedBytes.set(used);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("measure " + folder, e);
    }
  }

  private static long size(Path root) throws IOException {
    var sizes = new Sizes();
    Files.walkFileTree(root, sizes);
    return sizes.sum;
  }

  private static final class Sizes extends SimpleFileVisitor<Path> {
    private final Set<Object> counted = new HashSet<>();
    private long sum;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.fileKey() == null || counted.add(attributes.fileKey())) {
        sum += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }

    /** Files go while others are counted. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      return FileVisitResult.CONTINUE;
    }
  }
}
