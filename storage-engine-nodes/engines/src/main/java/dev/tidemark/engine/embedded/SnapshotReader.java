package dev.tidemark.engine.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import java.util.TreeMap;

/** The files of a snapshot, which never change. */
final class SnapshotReader implements UnitReader {
  /** Asked for at once: larger pieces save round trips, and memory is that of a chunk anyway. */
  private static final int PIECE_BYTES = 4 << 20;

  private static final int PLAIN_FILE = 0644;

  private final Endpoint node;
  private final String path;
  private final TreeMap<EntryPath, SourceFile> files = new TreeMap<>();

  /**
   * @param path of the snapshot on the node
   */
  SnapshotReader(Endpoint node, String path, JsonNode listed) {
    this.node = node;
    this.path = path;
    for (JsonNode file : listed) {
      EntryPath name = EntryPath.of(file.path("name").asText().getBytes(StandardCharsets.UTF_8));
      long size = file.path("size").asLong();
      String identity =
          file.path("number").asText("-") + "." + size + "." + file.path("sha256").asText();
      var meta = new FileMeta(name, FileType.FILE, size, PLAIN_FILE, 0, 0, 0, 0, null);
      files.put(name, new SourceFile(meta, identity, true));
    }
  }

  @Override
  public boolean stable() {
    return true;
  }

  @Override
  public Listing list(Notes notes) {
    Iterator<SourceFile> all = files.values().iterator();
    return new Listing() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public SourceFile next() {
        return all.next();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Optional<SourceFile> look(EntryPath file) {
    return Optional.ofNullable(files.get(file));
  }

  @Override
  public Content open(EntryPath file) {
    SourceFile found = files.get(file);
    if (found == null) {
      throw new FileGone("no file " + file + " in snapshot " + path + " of " + node);
    }
    String name = new String(file.bytes(), StandardCharsets.UTF_8);
    return new Ranges(path + Endpoint.path("files", name), found.meta().size());
  }

  @Override
  public void close() {}

  /** Reads a file in pieces, and keeps the last one. */
  private final class Ranges implements Content {
    private final String file;
    private final long size;
    private byte[] piece = new byte[0];
    private long from;

    Ranges(String file, long size) {
      this.file = file;
      this.size = size;
    }

    @Override
    public int read(long offset, ByteBuffer into) {
      int before = into.remaining();
      long at = offset;
      while (into.hasRemaining() && at < size) {
        if (at < from || at >= from + piece.length) {
          fetch(at);
        }
        int skipped = (int) (at - from);
        int n = Math.min(into.remaining(), piece.length - skipped);
        into.put(piece, skipped, n);
        at += n;
      }
      return before - into.remaining();
    }

    @Override
    public void close() {}

    private void fetch(long offset) {
      long end = Math.min(size, offset + PIECE_BYTES);
      Reply reply = node.get(file, "Range", "bytes=" + offset + "-" + (end - 1));
      if (reply.status() == 404 || reply.status() == 410) {
        throw new SnapshotGone(reply.refused().toString());
      }
      piece = reply.required().body();
      from = offset;
      if (reply.status() == 200 && piece.length == size) {
        from = 0; // a server may answer a range with the whole
        return;
      }
      if (piece.length != end - offset) {
        throw new TransientFailure(
            "%s: expected %d bytes at %d, got %d"
                .formatted(reply.request(), end - offset, offset, piece.length));
      }
    }
  }
}
