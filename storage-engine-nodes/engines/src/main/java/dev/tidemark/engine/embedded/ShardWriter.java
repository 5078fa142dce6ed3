package dev.tidemark.engine.embedded;

import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of a shard to the node on which it will be, in pieces, each with its digest, so
 * that the node refuses what was damaged on the way.
 */
final class ShardWriter implements UnitWriter {
  private static final int PIECE_BYTES = 8 << 20;

  private final Endpoint node;
  private final String path;
  private final String place;
  private final Map<String, Long> synced;
  private final Map<String, Long> sent = new HashMap<>();
  private final byte[] piece = new byte[PIECE_BYTES];
  private @Nullable String file;
  private long start;
  private int length;

  /**
   * @param path of the shard in the restore
   * @param place that the node gave it
   * @param synced files to the bytes that they have on the node
   */
  ShardWriter(Endpoint node, String path, String place, Map<String, Long> synced) {
    this.node = node;
    this.path = path;
    this.place = place;
    this.synced = synced;
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public long written(EntryPath entry) {
    return synced.getOrDefault(name(entry), 0L);
  }

  @Override
  public void write(EntryPath entry, long offset, ByteBuffer bytes) {
    String name = name(entry);
    if (!name.equals(file)) {
      flush();
      file = name;
      start = offset;
    }
    if (offset > (start + length)) {
      zeros(offset - start - length);
    } else if (offset < (start + length)) {
      flush();
      start = offset;
    }
    while (bytes.hasRemaining()) {
      int n = Math.min(bytes.remaining(), piece.length - length);
      bytes.get(piece, length, n);
      length += n;
      flushIfFull();
    }
  }

  /** The node takes no gap. */
  private void zeros(long count) {
    for (long left = count; left > 0; ) {
      int n = (int) Math.min(left, piece.length - length);
      Arrays.fill(piece, length, length + n, (byte) 0);
      length += n;
      left -= n;
      flushIfFull();
    }
  }

  private void flushIfFull() {
    if (length == piece.length) {
      flush();
    }
  }

  private void flush() {
    String name = file;
    if (name == null || length == 0) {
      return;
    }
    send(name, start, length);
    start += length;
    length = 0;
  }

  private void send(String name, long offset, int bytes) {
    Reply reply =
        node.put(
            path
                + Endpoint.path("files", name)
                + "?place=%s&offset=%d&sha256=%s"
                    .formatted(Endpoint.escape(place), offset, digest(bytes)),
            piece,
            bytes);
    requireThere(reply);
    sent.put(name, offset + bytes);
  }

  private String digest(int bytes) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(piece, 0, bytes);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void end(FileMeta meta) {
    if (meta.path().isRoot() && meta.type() == FileType.DIRECTORY) {
      return; // a bin has a folder for each shard, a shard has none
    }
    if (meta.type() != FileType.FILE || !meta.path().parent().isRoot()) {
      throw PermanentFailure.of(Kind.INVALID, "entry " + meta.path())
          .expected("a plain file of a shard")
          .found(meta.type().toString());
    }
    String name = name(meta.path());
    if (!name.equals(file)) {
      flush();
      file = name;
      start = sent.getOrDefault(name, written(meta.path()));
    }
    if (meta.size() > start + length) {
      zeros(meta.size() - start - length);
    }
    flush();
    if (meta.size() == 0) {
      send(name, 0, 0);
    }
    file = null;
  }

  @Override
  public void sync() {
    flush();
    requireThere(node.post(path + "/sync?place=" + Endpoint.escape(place)));
  }

  private static void requireThere(Reply reply) {
    if (reply.status() == 404 || reply.status() == 410) {
      throw new PlaceGone(reply.refused().toString());
    }
    reply.required();
  }

  private static String name(EntryPath entry) {
    return new String(entry.bytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {}
}
