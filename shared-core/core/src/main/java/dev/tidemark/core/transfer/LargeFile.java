package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.parallel.Crew;
import dev.tidemark.core.transfer.Settled.Dropped;
import dev.tidemark.core.vault.Extent;
import dev.tidemark.core.vault.Unfinished;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A file of several chunks while it is read. For one thread, which submits the chunks. */
final class LargeFile implements Slot {
  private final Wanted wanted;
  private final Pieces pieces;
  private final long chunkBytes;
  private final List<KnownChunks> known = new ArrayList<>();
  private final ArrayDeque<Submitted> running = new ArrayDeque<>();
  private SourceFile before;
  private Chunks chunks = new Chunks();
  private long next;
  private int tries = 1;
  private boolean changed;
  private boolean restless;
  private boolean complete;
  private @Nullable Dropped dropped;

  LargeFile(Wanted wanted, Pieces pieces, long chunkBytes) {
    this.wanted = wanted;
    this.pieces = pieces;
    this.chunkBytes = chunkBytes;
    this.before = wanted.file();
    known.add(pieces.known(wanted.base()));
  }

  private record Submitted(long length, Future<Pieces.Chunk> chunk) {}

  /** Goes on where an earlier slice ended; from the start where the file has changed since. */
  void resume(Unfinished earlier, int triesBefore) {
    boolean same =
        earlier.identity().equals(before.identity()) && earlier.size() == before.meta().size();
    tries = same ? triesBefore : triesBefore + 1;
    if (!same && tries <= Pieces.TRIES) {
      known.add(KnownChunks.of(earlier.extents()));
      return;
    }
    // It has changed in every slice so far, and would go on to do so: what was read is kept.
    changed = tries > Pieces.TRIES;
    chunks = new Chunks(earlier.extents(), Base64.getDecoder().decode(earlier.leaves()));
    next = chunks.length();
  }

  int tries() {
    return tries;
  }

  /** Bytes that are read, or on their way. */
  long position() {
    return next;
  }

  /** Whether there is another chunk to be read. */
  boolean hasNext() {
    return next < before.meta().size() && dropped == null && !chunks.isShort();
  }

  void submitNext(Crew crew) {
    long offset = next;
    long length = Math.min(chunkBytes, before.meta().size() - offset);
    List<KnownChunks> now = List.copyOf(known);
    next += length;
    running.add(
        new Submitted(length, crew.submit(() -> pieces.chunk(wanted.path(), offset, length, now))));
  }

  /** Puts together the chunks that are read, and waits for the others if told so. */
  void collect(Wait wait) {
    while (!running.isEmpty() && (wait == Wait.FOR_IT || running.peek().chunk().isDone())) {
      Submitted first = running.remove();
      Pieces.Chunk chunk = Crew.join(first.chunk());
      if (chunk instanceof Pieces.Lost lost) {
        dropped = lost.why();
      } else if (chunk instanceof Pieces.Read read) {
        chunks.add(first.length(), read);
      }
    }
  }

  /** Ends a file that cannot change. */
  void completeStable() {
    complete = true;
  }

  /**
   * Compares a file that has been read with what it is now, and begins anew where it has changed,
   * but not for ever.
   *
   * @return whether the file is done
   */
  boolean complete(Optional<SourceFile> now) {
    collect(Wait.FOR_IT);
    if (now.isEmpty() && dropped == null) {
      dropped = Dropped.vanished();
    }
    boolean same =
        now.isPresent()
            && Pieces.isSame(before, now.get())
            && chunks.length() == before.meta().size();
    changed |= !same;
    complete = same || dropped != null || tries >= Pieces.TRIES;
    if (!complete) {
      restless = true;
      tries++;
      changed = false;
      before = now.orElseThrow();
      known.add(KnownChunks.of(List.copyOf(chunks.extents())));
      chunks = new Chunks();
      next = 0;
    }
    return complete;
  }

  /** The file so far, for the next slice; all chunks must have been collected. */
  Unfinished unfinished() {
    return new Unfinished(
        wanted.path(),
        before.identity(),
        before.meta().size(),
        chunks.extents(),
        Base64.getEncoder().encodeToString(chunks.leaves()));
  }

  @Override
  public SourceFile file() {
    return wanted.file();
  }

  @Override
  public @Nullable Settled settled(Wait wait) {
    if (!complete) {
      collect(Wait.NOT);
      return null;
    }
    collect(wait);
    if (!running.isEmpty()) {
      return null;
    }
    if (dropped != null) {
      return dropped;
    }
    var attempt = new Pieces.Attempt(chunks.length(), chunks.digest(), chunks.extents(), false);
    if (!changed && !restless) {
      Pieces.requireMatch(wanted, attempt.digest());
    }
    return new Settled.Kept(attempt.entry(before, changed, copyOfExtents()));
  }

  private List<Extent> copyOfExtents() {
    return List.copyOf(chunks.extents());
  }
}
