package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.Listing;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.parallel.Crew;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.transfer.Settled.Dropped;
import dev.tidemark.core.transfer.Settled.Kept;
import dev.tidemark.core.transfer.Slot.Wait;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.core.vault.Unfinished;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One slice's walk over a listing: decides of each entry whether it must be read, hands what must
 * to the crew, and takes the results in order. For one thread.
 */
final class SliceWalk {
  private static final Digest EMPTY = TreeDigest.of(new byte[0], 0);

  private final UnitReader reader;
  private final Slice slice;
  private final Limits limits;
  private final long chunkBytes;
  private final Sources sources;
  private final PartSequence parts;
  private final Pieces pieces;
  private final Crew crew;
  private final Meter meter;
  private final HardLinks links;
  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private Slot.Batch open = new Slot.Batch();
  private @Nullable Unfinished unfinished;
  private boolean worked;
  private long entries;

  SliceWalk(
      UnitReader reader,
      Slice slice,
      Limits limits,
      long chunkBytes,
      Sources sources,
      PartSequence parts,
      Pieces pieces,
      Crew crew,
      Meter meter,
      HardLinks links) {
    this.reader = reader;
    this.slice = slice;
    this.limits = limits;
    this.chunkBytes = chunkBytes;
    this.sources = sources;
    this.parts = parts;
    this.pieces = pieces;
    this.crew = crew;
    this.meter = meter;
    this.links = links;
    this.unfinished = parts.unfinished();
  }

  /**
   * Walks until the unit or the slice ends; a checkpoint where the slice did. Where the snapshot is
   * gone, a checkpoint is saved of what was stored in this slice: else a snapshot that lives no
   * longer than a slice would be begun for ever.
   */
  @Nullable Checkpoint run() {
    try {
      return walk();
    } catch (SnapshotGone e) {
      parts.saveStored();
      throw e;
    }
  }

  private @Nullable Checkpoint walk() {
    try (Listing listing = reader.list(parts::note)) {
      while (listing.hasNext()) {
        SourceFile file = listing.next();
        EntryPath resumed = parts.resumed();
        if (resumed != null && file.meta().path().compareTo(resumed) <= 0) {
          continue;
        }
        if (mayPause()) {
          return pause();
        }
        LargeFile large = step(file);
        if (large != null && !readLarge(large)) {
          return pause(large);
        }
        settle();
      }
    }
    noteUnfinished(null);
    submitBatch();
    drain(Wait.FOR_IT);
    return null;
  }

  /** A slice does at least one piece, however short it is. */
  private boolean mayPause() {
    return (worked || entries >= limits.pieceEntries()) && slice.over();
  }

  private Checkpoint pause() {
    submitBatch();
    drain(Wait.FOR_IT);
    Unfinished file = unfinished;
    // The slice ended before it came to the file that the one before had begun.
    return parts.cut(file, file == null ? 0 : parts.triesBefore());
  }

  private Checkpoint pause(LargeFile file) {
    drainTo(file);
    return parts.cut(file.unfinished(), file.tries());
  }

  /** Takes in one entry; a file of several chunks is answered, to be read. */
  private @Nullable LargeFile step(SourceFile file) {
    entries++;
    EntryPath path = file.meta().path();
    noteUnfinished(path);
    if (file.meta().type() != FileType.FILE) {
      keep(file, new Entry(file.meta(), file.identity(), file.strong(), false, null, List.of()));
      return null;
    }
    if (file.meta().size() == 0) {
      keep(file, new Entry(file.meta(), file.identity(), file.strong(), false, EMPTY, List.of()));
      return null;
    }
    Unfinished earlier = unfinished;
    if (earlier != null && earlier.path().equals(path)) {
      unfinished = null;
      var large = new LargeFile(sources.wanted(file), pieces, chunkBytes);
      large.resume(earlier, parts.triesBefore());
      meter.done(large.position());
      slots.add(large);
      return large;
    }
    Entry proven = sources.proven(file);
    if (proven != null) {
      meter.done(file.meta().size());
      keep(
          file,
          new Entry(file.meta(), file.identity(), true, false, proven.digest(), proven.extents()));
      return null;
    }
    return read(sources.wanted(file));
  }

  private @Nullable LargeFile read(Wanted wanted) {
    if (wanted.size() > chunkBytes) {
      var large = new LargeFile(wanted, pieces, chunkBytes);
      slots.add(large);
      return large;
    }
    if (wanted.size() > Pieces.SMALL_BYTES) {
      var alone = new Slot.Batch();
      slots.add(alone.add(wanted));
      submit(alone);
      return null;
    }
    if (open.bytes + wanted.size() > chunkBytes) {
      submitBatch();
    }
    slots.add(open.add(wanted));
    return null;
  }

  private void keep(SourceFile file, Entry entry) {
    slots.add(new Slot.Ready(file, new Kept(entry)));
  }

  /** Reads a large file; false where the slice ended before the file did. */
  private boolean readLarge(LargeFile file) {
    do {
      while (file.hasNext()) {
        if (mayPause()) {
          return false;
        }
        if (parts.isStoredEnough()) {
          drainTo(file);
          parts.cut(file.unfinished(), file.tries());
          continue;
        }
        file.submitNext(crew);
        worked = true;
        file.collect(Wait.NOT);
        drain(Wait.NOT);
      }
      if (reader.stable()) {
        file.completeStable();
        return true;
      }
    } while (!file.complete(reader.look(file.file().meta().path())));
    return true;
  }

  /** Waits until all before a file, and what was read of it, is in order. */
  private void drainTo(LargeFile file) {
    submitBatch();
    drain(Wait.FOR_IT);
    file.collect(Wait.FOR_IT);
  }

  private void settle() {
    if (slots.size() >= limits.pieceEntries()) {
      submitBatch();
      drain(Wait.FOR_IT);
    }
    drain(Wait.NOT);
  }

  private void submitBatch() {
    if (!open.wanted.isEmpty()) {
      submit(open);
      open = new Slot.Batch();
    }
  }

  private void submit(Slot.Batch batch) {
    batch.submit(crew, pieces);
    worked = true;
  }

  private void drain(Wait wait) {
    while (!slots.isEmpty()) {
      Slot head = slots.element();
      Settled outcome = head.settled(wait);
      if (outcome == null) {
        return;
      }
      slots.remove();
      emit(head.file(), outcome);
    }
  }

  private void emit(SourceFile file, Settled listed) {
    EntryPath path = file.meta().path();
    Settled outcome = listed;
    if (file.meta().type() == FileType.HARDLINK && !links.isKept(file.meta())) {
      outcome = readLink(path);
    }
    if (parts.isBelowFile(path)) {
      outcome = new Dropped("vanished", "what was its folder is none any more");
    }
    if (outcome instanceof Kept kept) {
      if (kept.entry().changed()) {
        parts.note("changed", path, "while it was read");
      }
      parts.add(kept.entry());
    } else if (outcome instanceof Dropped dropped) {
      links.drop(path);
      parts.drop(path, dropped);
    }
  }

  /** Stores the content under this name, because the name that it is linked to is not stored. */
  private Settled readLink(EntryPath path) {
    SourceFile now = reader.look(path).orElse(null);
    if (now == null) {
      return Dropped.vanished();
    }
    FileMeta m = now.meta();
    var meta =
        new FileMeta(
            path,
            FileType.FILE,
            m.size(),
            m.mode(),
            m.uid(),
            m.gid(),
            m.mtimeSeconds(),
            m.mtimeNanos(),
            null);
    var file = new SourceFile(meta, now.identity(), now.strong());
    return pieces.files(List.of(new Wanted(file, null, false))).get(0);
  }

  /** Notes that the file in which the last slice ended is not listed any more. */
  private void noteUnfinished(@Nullable EntryPath now) {
    Unfinished earlier = unfinished;
    if (earlier != null && (now == null || earlier.path().compareTo(now) < 0)) {
      unfinished = null;
      parts.drop(earlier.path(), Dropped.vanished());
      links.drop(earlier.path());
    }
  }
}
