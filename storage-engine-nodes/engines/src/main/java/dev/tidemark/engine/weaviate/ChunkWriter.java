package dev.tidemark.engine.weaviate;

import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.engine.weaviate.UnitProgress.Recorded;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a shard's files as chunks of a native backup, each a tar of at most some MiB. A tar needs
 * the size of a file before its bytes, and here that is told after them; so what fits in memory
 * waits for its end, and what does not becomes parts, which servers put together.
 */
final class ChunkWriter implements UnitWriter {
  /** Of a file that is larger, so much is a part. */
  static final int PART_BYTES = 16 << 20;

  /** A chunk is stored when it has come to this. */
  private static final int CHUNK_BYTES = 24 << 20;

  private static final int ZEROS = 1 << 20;

  private final UnitProgress progress;
  private final Recorded recorded;
  private final String folder;
  private final String writer = UnitProgress.newName();
  private final Map<Integer, Long> chunks = new TreeMap<>();
  private final Map<String, Long> written = new HashMap<>();
  private TarChunk chunk = new TarChunk();
  private @Nullable Open open;
  private int records;

  /** The file at hand: what of it waits, and where that begins. */
  private static final class Open {
    final EntryPath path;
    final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    long from;

    /** Whether an earlier part of it is a part already. */
    boolean split;

    Open(EntryPath path, long from) {
      this.path = path;
      this.from = from;
      this.split = from > 0;
    }

    long end() {
      return from + waiting.size();
    }
  }

  ChunkWriter(UnitProgress progress) {
    this.progress = progress;
    this.recorded = progress.open();
    this.folder = Names.folder(progress.plan().collection(), progress.plan().shard());
  }

  @Override
  public String place() {
    return recorded.place();
  }

  @Override
  public long written(EntryPath path) {
    String file = path.toString();
    return Math.max(recorded.written().getOrDefault(file, 0L), written.getOrDefault(file, 0L));
  }

  @Override
  public void write(EntryPath path, long offset, ByteBuffer bytes) {
    Open file = file(path, offset);
    zerosUntil(file, offset);
    if (file.end() != offset) {
      throw new IllegalArgumentException(
          "offset %d of %s, of which %d bytes are written".formatted(offset, path, file.end()));
    }
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      byte[] some = new byte[Math.min(rest.remaining(), PART_BYTES - file.waiting.size())];
      rest.get(some);
      file.waiting.writeBytes(some);
      partIfLarge(file);
    }
    bytes.position(bytes.limit());
  }

  private Open file(EntryPath path, long offset) {
    Open file = open;
    if (file == null || !file.path.equals(path)) {
      part();
      file = new Open(path, Math.min(offset, written(path)));
      open = file;
    }
    return file;
  }

  private void zerosUntil(Open file, long end) {
    while (file.end() < end) {
      long most = Math.min(ZEROS, PART_BYTES - file.waiting.size());
      file.waiting.writeBytes(new byte[(int) Math.min(most, end - file.end())]);
      partIfLarge(file);
    }
  }

  private void partIfLarge(Open file) {
    if (file.waiting.size() >= PART_BYTES) {
      part();
    }
  }

  /** Makes what waits of the file at hand a part of it. */
  private void part() {
    Open file = open;
    if (file == null || file.waiting.size() == 0) {
      return;
    }
    ByteBuffer content = ByteBuffer.wrap(file.waiting.toByteArray());
    chunk.part(name(file.path), 0644, 0, file.from, content);
    file.from += content.limit();
    file.split = true;
    file.waiting.reset();
    written.merge(file.path.toString(), file.from, Long::max);
    storeIfLarge();
  }

  @Override
  public void end(FileMeta meta) {
    switch (meta.type()) {
      case FILE -> endFile(meta);
      case DIRECTORY -> {
        // The server makes those that files are in.
      }
      default ->
          throw PermanentFailure.of(Kind.INVALID, "entry " + meta.path())
              .expected("files, as the server makes them")
              .found("a " + meta.type().word())
              .hint("it is a backup of another engine");
    }
  }

  private void endFile(FileMeta meta) {
    Open file = file(meta.path(), written(meta.path()));
    zerosUntil(file, meta.size());
    if (file.end() != meta.size()) {
      throw new IllegalArgumentException(
          "%s ends at %d, and %d bytes are written"
              .formatted(meta.path(), meta.size(), file.end()));
    }
    if (file.split) {
      part();
    } else {
      chunk.file(
          name(file.path),
          meta.mode(),
          meta.mtimeSeconds(),
          ByteBuffer.wrap(file.waiting.toByteArray()));
    }
    open = null;
    storeIfLarge();
  }

  private String name(EntryPath path) {
    return folder + new String(path.bytes(), StandardCharsets.UTF_8);
  }

  private void storeIfLarge() {
    if (chunk.size() >= CHUNK_BYTES) {
      store();
    }
  }

  private void store() {
    if (chunk.size() == 0) {
      return;
    }
    int number = progress.newNumber();
    while (recorded.chunks().containsKey(number) || chunks.containsKey(number)) {
      number = progress.newNumber();
    }
    ByteBuffer tar = chunk.end();
    for (String key : progress.keys(number)) {
      progress.desk().area().put(key, List.of(tar.duplicate()));
    }
    chunks.put(number, (long) tar.remaining());
    chunk = new TarChunk();
  }

  /** Records what was stored, if the place is still the unit's and has lost nothing. */
  @Override
  public void sync() {
    part();
    store();
    if (chunks.isEmpty()) {
      return;
    }
    if (!progress.holds(place())) {
      throw new PlaceGone(
          "what was written of unit %s at %s is not in the staging area any more"
              .formatted(progress.unit(), place()));
    }
    progress.record(place(), writer, ++records, chunks, written);
    recorded.chunks().putAll(chunks);
    written.forEach((file, end) -> recorded.written().merge(file, end, Long::max));
    chunks.clear();
  }

  @Override
  public void close() {}
}
