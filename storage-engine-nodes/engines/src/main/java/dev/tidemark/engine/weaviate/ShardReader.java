package dev.tidemark.engine.weaviate;

import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.engine.weaviate.UnitIndex.Piece;
import dev.tidemark.engine.weaviate.UnitIndex.StoredFile;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A shard's files, where they are in the staging area. They never change there; but whether a file
 * is that of an earlier backup, size and time do not prove, so none has a strong identity.
 */
final class ShardReader implements UnitReader {
  /** Asked for at once. */
  private static final int PIECE_BYTES = 8 << 20;

  private final StagingArea area;
  private final Windows windows;
  private final TreeMap<EntryPath, StoredFile> files = new TreeMap<>();

  ShardReader(StagingArea area, List<StoredFile> files) {
    this(area, new Windows(area), files);
  }

  /**
   * @param windows of this area, shared by readers that are used in turn
   */
  ShardReader(StagingArea area, Windows windows, List<StoredFile> files) {
    this.area = area;
    this.windows = windows;
    files.forEach(file -> this.files.put(file.path(), file));
  }

  @Override
  public boolean stable() {
    return true;
  }

  @Override
  public Listing list(Notes notes) {
    Iterator<StoredFile> all = files.values().iterator();
    return new Listing() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public SourceFile next() {
        return source(all.next());
      }

      @Override
      public void close() {}
    };
  }

  private static SourceFile source(StoredFile file) {
    var meta =
        new FileMeta(
            file.path(),
            FileType.FILE,
            file.size(),
            file.mode(),
            0,
            0,
            file.mtimeSeconds(),
            0,
            null);
    return new SourceFile(meta, file.size() + "." + file.mtimeSeconds(), false);
  }

  @Override
  public Optional<SourceFile> look(EntryPath path) {
    return Optional.ofNullable(files.get(path)).map(ShardReader::source);
  }

  @Override
  public Content open(EntryPath path) {
    StoredFile file = files.get(path);
    if (file == null) {
      throw new FileGone("no file " + path + " in the native backup");
    }
    return new Pieces(file);
  }

  @Override
  public void close() {}

  /** Reads a file in pieces, and keeps the last one. */
  private final class Pieces implements Content {
    private final StoredFile file;
    private ByteBuffer held = ByteBuffer.allocate(0);
    private long from;

    Pieces(StoredFile file) {
      this.file = file;
    }

    @Override
    public int read(long offset, ByteBuffer into) {
      int before = into.remaining();
      long at = offset;
      while (into.hasRemaining() && at < file.size()) {
        if (at < from || at >= from + held.limit()) {
          fetch(at);
        }
        int skipped = (int) (at - from);
        int n = Math.min(into.remaining(), held.limit() - skipped);
        into.put(held.duplicate().position(skipped).limit(skipped + n));
        at += n;
      }
      return before - into.remaining();
    }

    private void fetch(long at) {
      long start = 0;
      for (Piece piece : file.pieces()) {
        if (at < start + piece.length()) {
          long skipped = at - start;
          int length = (int) Math.min(PIECE_BYTES, piece.length() - skipped);
          held =
              length <= Windows.BYTES / 4
                  ? windows.range(piece.key(), piece.offset() + skipped, length)
                  : Windows.required(area, piece.key(), piece.offset() + skipped, length);
          from = at;
          return;
        }
        start += piece.length();
      }
      throw new IllegalStateException("offset %d of %s".formatted(at, file));
    }

    @Override
    public void close() {}
  }
}
