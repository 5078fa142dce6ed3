package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A place in memory to restore to; what was not synced is lost with the writer. */
final class Restored {
  final TreeMap<EntryPath, FileMeta> ended = new TreeMap<>();
  final Map<EntryPath, byte[]> contents = new HashMap<>();
  long writtenBytes;

  UnitWriter writer() {
    return new Writer();
  }

  FileMeta ended(EntryPath path) {
    return Objects.requireNonNull(ended.get(path));
  }

  byte[] content(EntryPath path) {
    FileMeta meta = ended(path);
    return meta.type() == FileType.HARDLINK
        ? content(EntryPath.parse(Objects.requireNonNull(meta.target())))
        : Arrays.copyOf(contents.getOrDefault(path, new byte[0]), (int) meta.size());
  }

  private final class Writer implements UnitWriter {
    private final Map<EntryPath, byte[]> unsynced = new HashMap<>();
    private final Map<EntryPath, Integer> lengths = new HashMap<>();
    private final Map<EntryPath, FileMeta> unsyncedEnds = new HashMap<>();

    @Override
    public String place() {
      return "here";
    }

    @Override
    public long written(EntryPath path) {
      return contents.getOrDefault(path, new byte[0]).length;
    }

    @Override
    public void write(EntryPath path, long offset, ByteBuffer bytes) {
      int end = (int) offset + bytes.remaining();
      byte[] old =
          unsynced.computeIfAbsent(path, p -> contents.getOrDefault(p, new byte[0]).clone());
      byte[] now = end > old.length ? Arrays.copyOf(old, 2 * end) : old;
      lengths.merge(path, Math.max(end, (int) written(path)), Math::max);
      writtenBytes += bytes.remaining();
      bytes.get(now, (int) offset, bytes.remaining());
      unsynced.put(path, now);
    }

    @Override
    public void end(FileMeta meta) {
      unsyncedEnds.put(meta.path(), meta);
    }

    @Override
    public void sync() {
      lengths.forEach(
          (path, n) ->
              contents.put(path, Arrays.copyOf(Objects.requireNonNull(unsynced.get(path)), n)));
      unsynced.clear();
      lengths.clear();
      ended.putAll(unsyncedEnds);
    }

    @Override
    public void close() {}
  }
}
