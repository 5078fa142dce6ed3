package dev.tidemark.core.restore;

import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.parallel.Arena;
import dev.tidemark.core.parallel.Crew;
import dev.tidemark.core.restore.UnitRestore.Checkpoint;
import dev.tidemark.core.transfer.Meter;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Extent;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has pieces read by the crew, and writes them in order. At most one piece more than there are
 * workers is in memory.
 */
final class Output {
  /** Files are read together up to this size, */
  private static final long PIECE_BYTES = 16L << 20;

  /** and this number. */
  private static final int PIECE_FILES = 2_048;

  private static final int MOST_STEPS = 8_192;

  /** So much is written at most before it is synced and a checkpoint saved. */
  private static final long SAVE_BYTES = 4L << 30;

  private final UnitWriter writer;
  private final Crew crew;
  private final Blobs blobs;
  private final Arena.Pool arenas;
  private final Meter meter;
  private final UnitRestore.Saves saves;
  private final int mostPieces;
  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private Reading open = new Reading();
  private int piecesInMemory;
  private boolean worked;
  private final String place;
  private long entries;
  private long files;
  private long bytes;
  private long unsaved;

  Output(
      UnitWriter writer,
      Crew crew,
      Blobs blobs,
      Arena.Pool arenas,
      Meter meter,
      UnitRestore.Saves saves,
      Checkpoint from,
      int parallelism) {
    this.writer = writer;
    this.crew = crew;
    this.blobs = blobs;
    this.arenas = arenas;
    this.meter = meter;
    this.saves = saves;
    this.mostPieces = parallelism == 1 ? 1 : parallelism + 1;
    this.place = from.place();
    this.entries = from.entries();
    this.files = from.files();
    this.bytes = from.bytes();
  }

  /** A piece on its way. */
  private static final class Reading {
    final Piece piece = new Piece();
    @Nullable Future<Piece.Content> content;
    int users;
  }

  /**
   * Something to be written, in order.
   *
   * @param index how many entries are dealt with after it; 0 where an entry goes on
   * @param meta to end an entry with; null where it goes on
   * @param reading where the bytes are; null where there are none
   * @param at where in the piece
   * @param offset where in the file
   */
  private record Step(
      long index,
      EntryPath path,
      @Nullable FileMeta meta,
      @Nullable Reading reading,
      long at,
      long offset,
      long length) {}

  /** Whether anything was read for this slice. */
  boolean hasWorked() {
    return worked;
  }

  /** An entry without content. */
  void plain(long index, FileMeta meta) {
    steps.add(new Step(index, meta.path(), meta, null, 0, 0, 0));
    drain();
  }

  /** A file that is one extent. */
  void single(long index, Entry entry) {
    Extent extent = entry.extents().get(0);
    if (open.piece.bytes() + extent.length() > PIECE_BYTES || open.piece.count() >= PIECE_FILES) {
      submit();
    }
    want(index, entry, extent, Objects.requireNonNull(entry.digest()), 0, entry.meta());
    drain();
  }

  /**
   * A file of several extents, or of none but holes.
   *
   * @return false where it was stopped before the end
   */
  boolean large(long index, Entry entry, BooleanSupplier stop) {
    submit();
    long written = writer.written(entry.path());
    long at = 0;
    for (Extent extent : entry.extents()) {
      long start = at;
      at += extent.length();
      if (extent.blob() == null) {
        meter.done(extent.length());
        continue;
      }
      if (at <= written) {
        meter.done(extent.length());
        continue;
      }
      if (stop.getAsBoolean()) {
        return false;
      }
      Digest digest = extent.digest() == null ? entry.digest() : extent.digest();
      want(0, entry, extent, Objects.requireNonNull(digest), start, null);
      submit();
      drain();
    }
    steps.add(new Step(index, entry.path(), entry.meta(), null, 0, 0, 0));
    drain();
    return true;
  }

  private void want(
      long index, Entry entry, Extent extent, Digest digest, long offset, @Nullable FileMeta meta) {
    BlobRef blob = Objects.requireNonNull(extent.blob());
    long at = open.piece.add(entry.path(), blob, extent.offset(), extent.length(), digest);
    open.users++;
    steps.add(new Step(index, entry.path(), meta, open, at, offset, extent.length()));
  }

  private void submit() {
    if (open.users == 0) {
      return;
    }
    while (piecesInMemory >= mostPieces) {
      write(steps.remove());
    }
    Piece piece = open.piece;
    open.content = crew.submit(() -> piece.read(blobs, arenas));
    open = new Reading();
    piecesInMemory++;
    worked = true;
  }

  /** Writes what is ready, and waits where too much is not. */
  private void drain() {
    if (steps.size() >= MOST_STEPS) {
      finishSteps();
    }
    while (!steps.isEmpty()) {
      Reading reading = steps.element().reading();
      if (reading != null && (reading.content == null || !reading.content.isDone())) {
        return;
      }
      write(steps.remove());
    }
  }

  private void write(Step step) {
    Reading reading = step.reading();
    if (reading != null) {
      writeContent(step, reading);
    }
    FileMeta meta = step.meta();
    if (meta != null) {
      writer.end(meta);
      entries = step.index();
      if (meta.type() == FileType.FILE) {
        files++;
        bytes += meta.size();
      }
    }
    if (unsaved >= SAVE_BYTES) {
      save();
    }
  }

  private void writeContent(Step step, Reading reading) {
    Piece.Content content = Crew.join(Objects.requireNonNull(reading.content));
    long offset = step.offset();
    for (ByteBuffer next : content.of(step.at(), step.length())) {
      int n = next.remaining();
      writer.write(step.path(), offset, next);
      offset += n;
    }
    unsaved += step.length();
    meter.done(step.length());
    reading.users--;
    if (reading.users == 0) {
      content.close();
      piecesInMemory--;
    }
  }

  /**
   * Writes everything that was asked for, and saves a checkpoint.
   *
   * @param dealtWith how many entries were asked for or left out
   */
  Checkpoint pause(long dealtWith) {
    finishSteps();
    entries = Math.max(entries, dealtWith);
    return save();
  }

  /** Writes everything that was asked for, and syncs. */
  Checkpoint finish() {
    finishSteps();
    writer.sync();
    return checkpoint();
  }

  private void finishSteps() {
    submit();
    while (!steps.isEmpty()) {
      write(steps.remove());
    }
  }

  private Checkpoint save() {
    writer.sync();
    unsaved = 0;
    Checkpoint checkpoint = checkpoint();
    saves.save(checkpoint);
    return checkpoint;
  }

  private Checkpoint checkpoint() {
    return new Checkpoint(place, entries, files, bytes);
  }
}
