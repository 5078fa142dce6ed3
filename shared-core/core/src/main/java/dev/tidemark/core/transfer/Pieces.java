package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.Content;
import dev.tidemark.core.engine.UnitReader.FileGone;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.parallel.Arena;
import dev.tidemark.core.transfer.Settled.Dropped;
import dev.tidemark.core.transfer.Settled.Kept;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Extent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The work of the workers: reads files, compares them with what is known, stores the rest. */
final class Pieces {
  /** Files of up to this size share packs. */
  static final long SMALL_BYTES = 8L << 20;

  /** A file that changes while it is read is read so often. */
  static final int TRIES = 3;

  private final UnitReader reader;
  private final Uploads uploads;
  private final Arena.Pool arenas;
  private final Meter meter;
  private final long chunkBytes;
  private final Set<String> packs;

  /**
   * @param packs the base's packs that may be referred to
   */
  Pieces(
      UnitReader reader,
      Uploads uploads,
      Arena.Pool arenas,
      Meter meter,
      long chunkBytes,
      Set<String> packs) {
    this.reader = reader;
    this.uploads = uploads;
    this.arenas = arenas;
    this.meter = meter;
    this.chunkBytes = chunkBytes;
    this.packs = packs;
  }

  /** A part of a file that was read. */
  sealed interface Chunk {}

  /**
   * Read and in the vault.
   *
   * @param extent where; null where the file had ended before
   */
  record Read(Reading reading, @Nullable Extent extent) implements Chunk {}

  /** The file cannot be read. */
  record Lost(Dropped why) implements Chunk {}

  /** Reads whole files, packs the small ones, and stores them. */
  List<Settled> files(List<Wanted> wanted) {
    try (Arena arena = arenas.borrow()) {
      var pack = new Pack(uploads, arena, chunkBytes);
      for (Wanted file : wanted) {
        file(file, pack);
      }
      return pack.finish();
    }
  }

  /**
   * Reads a chunk of a large file.
   *
   * @param known what the vault has of the file
   */
  Chunk chunk(EntryPath path, long offset, long length, List<KnownChunks> known) {
    try (Arena arena = arenas.borrow();
        Content content = reader.open(path)) {
      return chunk(content, path, offset, length, known, arena);
    } catch (FileGone | PermanentFailure e) {
      return new Lost(lost(path, e));
    }
  }

  KnownChunks known(@Nullable Entry base) {
    return KnownChunks.of(base, packs);
  }

  private void file(Wanted wanted, Pack pack) {
    SourceFile before = wanted.file();
    KnownChunks known = known(wanted.base());
    List<Extent> earlier = List.of();
    for (int left = TRIES - 1; ; left--) {
      Attempt attempt;
      try (Content content = reader.open(wanted.path())) {
        attempt =
            before.meta().size() <= SMALL_BYTES
                ? small(before, content, known, pack)
                : large(before, content, List.of(known, KnownChunks.of(earlier)), pack);
      } catch (FileGone | PermanentFailure e) {
        pack.add(lost(wanted.path(), e));
        return;
      }
      if (reader.stable()) {
        requireMatch(wanted, attempt.digest());
        pack.add(attempt, before, false);
        return;
      }
      Optional<SourceFile> after = reader.look(wanted.path());
      if (after.isEmpty()) {
        pack.add(Dropped.vanished());
        return;
      }
      boolean same = isSame(before, after.get()) && attempt.length() == before.meta().size();
      if (same && before.equals(wanted.file())) {
        requireMatch(wanted, attempt.digest());
      }
      if (same || left == 0) {
        pack.add(attempt, before, !same);
        return;
      }
      before = after.get();
      earlier = attempt.extents();
    }
  }

  /** Reads a file into the pack's free memory, but does not add it yet. */
  private Attempt small(SourceFile file, Content content, KnownChunks known, Pack pack) {
    long size = file.meta().size();
    pack.makeRoom(size);
    Reading reading = Reading.read(content, 0, size, pack.arena(), pack.position());
    requireAll(file.meta().path(), size, reading.length());
    meter.done(reading.length());
    Digest digest = reading.digest();
    if (reading.length() == 0) {
      return new Attempt(0, digest, List.of(), false);
    }
    if (reading.zero()) {
      return new Attempt(reading.length(), digest, List.of(Extent.hole(reading.length())), false);
    }
    Extent same = known.find(0, reading.length(), digest);
    if (same != null) {
      return new Attempt(reading.length(), digest, List.of(same), false);
    }
    return new Attempt(reading.length(), digest, List.of(), true);
  }

  /** Reads and stores a file that is larger than small, chunk by chunk. */
  private Attempt large(SourceFile file, Content content, List<KnownChunks> known, Pack pack) {
    pack.store();
    var chunks = new Chunks();
    long size = file.meta().size();
    while (chunks.length() < size && !chunks.isShort()) {
      long length = Math.min(chunkBytes, size - chunks.length());
      EntryPath path = file.meta().path();
      chunks.add(length, chunk(content, path, chunks.length(), length, known, pack.arena()));
    }
    return new Attempt(chunks.length(), chunks.digest(), chunks.extents(), false);
  }

  private Read chunk(
      Content content,
      EntryPath path,
      long offset,
      long length,
      List<KnownChunks> known,
      Arena arena) {
    Reading reading = Reading.read(content, offset, length, arena, 0);
    requireAll(path, length, reading.length());
    meter.done(reading.length());
    return new Read(reading, reading.length() == 0 ? null : extent(reading, offset, known, arena));
  }

  private Extent extent(Reading reading, long offset, List<KnownChunks> known, Arena arena) {
    if (reading.zero()) {
      return Extent.hole(reading.length());
    }
    Digest digest = reading.digest();
    for (KnownChunks chunks : known) {
      Extent same = chunks.find(offset, reading.length(), digest);
      if (same != null) {
        return same;
      }
    }
    return new Extent(uploads.blob(arena, reading.length()), 0, reading.length(), digest);
  }

  /**
   * @throws BaseDiffers where the file has another content than its identity says
   */
  static void requireMatch(Wanted wanted, Digest digest) {
    Entry base = wanted.base();
    if (wanted.mustMatch() && base != null && !digest.equals(base.digest())) {
      throw new BaseDiffers(
          "%s has the identity that it has in the base, but %s, not %s"
              .formatted(wanted.path(), digest, base.digest()));
    }
  }

  static boolean isSame(SourceFile before, SourceFile after) {
    return before.identity().equals(after.identity())
        && before.meta().size() == after.meta().size();
  }

  private void requireAll(EntryPath path, long wanted, long read) {
    if (reader.stable() && read < wanted) {
      throw new TransientFailure(
          "%s of a stable snapshot ended after %d of %d bytes".formatted(path, read, wanted));
    }
  }

  private Dropped lost(EntryPath path, RuntimeException cause) {
    if (cause instanceof FileGone) {
      if (reader.stable()) {
        throw new TransientFailure(path + " is gone from a stable snapshot", cause);
      }
      return Dropped.vanished();
    }
    return new Dropped("unreadable", String.valueOf(cause.getMessage()));
  }

  /**
   * A file as one try read it.
   *
   * @param packed whether its bytes wait at the pack's position; else the extents are known
   */
  record Attempt(long length, Digest digest, List<Extent> extents, boolean packed) {

    Entry entry(SourceFile file, boolean changed, List<Extent> where) {
      return new Entry(
          file.meta().withSize(length),
          file.identity(),
          file.strong() && !changed,
          changed,
          digest,
          KnownChunks.withoutDigest(where));
    }

    Kept kept(SourceFile file, boolean changed) {
      return new Kept(entry(file, changed, extents));
    }
  }
}
