package dev.tidemark.core.restore;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.parallel.Arena;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.BlobReader;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.TreeDigest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Extents that are read together into one arena, and proven. */
final class Piece {
  /** What lies between two extents of a blob and is cheaper read than skipped. */
  private static final long GAP_BYTES = 1 << 20;

  private final List<Wanted> wanted = new ArrayList<>();
  private long bytes;

  /**
   * Bytes that are wanted.
   *
   * @param at where in the arena
   * @param digest what they must have
   */
  record Wanted(EntryPath path, BlobRef blob, long offset, long length, long at, Digest digest) {
    long end() {
      return offset + length;
    }
  }

  /** The bytes of a piece, one after the other, in memory that is to be given back. */
  record Content(Arena arena) implements AutoCloseable {
    List<ByteBuffer> of(long at, long length) {
      return arena.segments(at, length);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** Adds an extent; answers where in the content it will be. */
  long add(EntryPath path, BlobRef blob, long offset, long length, Digest digest) {
    long at = bytes;
    wanted.add(new Wanted(path, blob, offset, length, at, digest));
    bytes += length;
    return at;
  }

  long bytes() {
    return bytes;
  }

  int count() {
    return wanted.size();
  }

  /**
   * Reads and proves everything.
   *
   * @throws PermanentFailure DAMAGED, naming blob and file
   */
  Content read(Blobs source, Arena.Pool arenas) {
    Map<String, List<Wanted>> blobs = new LinkedHashMap<>();
    wanted.forEach(w -> blobs.computeIfAbsent(w.blob().name(), name -> new ArrayList<>()).add(w));
    Arena arena = arenas.borrow();
    boolean proven = false;
    try {
      BlobReader reader = source.borrow();
      for (List<Wanted> ofBlob : blobs.values()) {
        readBlob(reader, ofBlob, arena);
      }
      source.giveBack(reader);
      for (Wanted w : wanted) {
        prove(w, source.key(w.blob()), arena);
      }
      proven = true;
      return new Content(arena);
    } finally {
      if (!proven) {
        arena.close();
      }
    }
  }

  private static void readBlob(BlobReader reader, List<Wanted> ofBlob, Arena arena) {
    ofBlob.sort(Comparator.comparingLong(Wanted::offset));
    int from = 0;
    while (from < ofBlob.size()) {
      long end = ofBlob.get(from).end();
      int to = from + 1;
      while (to < ofBlob.size() && ofBlob.get(to).offset() - end <= GAP_BYTES) {
        end = Math.max(end, ofBlob.get(to).end());
        to++;
      }
      readRun(reader, ofBlob.subList(from, to), end, arena);
      from = to;
    }
  }

  private static void readRun(BlobReader reader, List<Wanted> run, long end, Arena arena) {
    long start = run.get(0).offset();
    long[] at = {start};
    int[] first = {0};
    reader.read(
        run.get(0).blob(),
        start,
        end - start,
        bytes -> {
          long until = at[0] + bytes.remaining();
          while (first[0] < run.size() && run.get(first[0]).end() <= at[0]) {
            first[0]++;
          }
          for (int i = first[0]; i < run.size() && run.get(i).offset() < until; i++) {
            copy(bytes, at[0], run.get(i), arena);
          }
          at[0] = until;
        });
  }

  /** Copies what of the bytes, which begin at {@code start} in the blob, belongs to an extent. */
  private static void copy(ByteBuffer bytes, long start, Wanted w, Arena arena) {
    long from = Math.max(start, w.offset());
    long to = Math.min(start + bytes.remaining(), w.end());
    while (from < to) {
      ByteBuffer window = arena.window(w.at() + from - w.offset(), to - from);
      int n = window.remaining();
      window.put(bytes.slice(bytes.position() + (int) (from - start), n));
      from += n;
    }
  }

  private static void prove(Wanted w, String key, Arena arena) {
    byte[] leaves = TreeDigest.leaves(arena.segments(w.at(), w.length()));
    Digest found = TreeDigest.of(leaves, w.length());
    if (!found.equals(w.digest())) {
      throw PermanentFailure.of(Kind.DAMAGED, "blob " + key)
          .expected(w.digest() + " for " + w.path())
          .found(found.toString())
          .hint("restore another backup, or leave this file out");
    }
  }
}
