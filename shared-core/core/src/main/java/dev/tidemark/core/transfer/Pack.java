package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.parallel.Arena;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Extent;
import java.util.ArrayList;
import java.util.List;

/** Small files on their way into a blob that they share, and what became of each. */
final class Pack {
  private final Uploads uploads;
  private final Arena arena;
  private final long maxBytes;
  private final List<Settled> settled = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private long position;

  Pack(Uploads uploads, Arena arena, long maxBytes) {
    this.uploads = uploads;
    this.arena = arena;
    this.maxBytes = maxBytes;
  }

  /** A file whose bytes are in the arena. */
  private record Waiting(
      int index, long offset, Pieces.Attempt attempt, SourceFile file, boolean changed) {
    Settled in(BlobRef blob) {
      var extent = new Extent(blob, offset, attempt.length(), attempt.digest());
      return new Settled.Kept(attempt.entry(file, changed, List.of(extent)));
    }
  }

  Arena arena() {
    return arena;
  }

  /** Where the next file goes. */
  long position() {
    return position;
  }

  /** Stores what there is where so many bytes more would be too many. */
  void makeRoom(long bytes) {
    if (position + bytes > maxBytes) {
      store();
    }
  }

  void add(Settled outcome) {
    settled.add(outcome);
  }

  void add(Pieces.Attempt attempt, SourceFile file, boolean changed) {
    if (attempt.packed()) {
      waiting.add(new Waiting(settled.size(), position, attempt, file, changed));
      position += attempt.length();
    }
    settled.add(attempt.kept(file, changed));
  }

  /** Stores what there is as a blob. */
  void store() {
    if (waiting.isEmpty()) {
      return;
    }
    BlobRef blob = uploads.blob(arena, position);
    waiting.forEach(file -> settled.set(file.index(), file.in(blob)));
    waiting.clear();
    position = 0;
  }

  /** Stores the rest, and answers what became of each file, in order. */
  List<Settled> finish() {
    store();
    return settled;
  }
}
