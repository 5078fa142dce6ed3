package dev.tidemark.node.storage;

import dev.tidemark.node.schema.Distance;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The objects of one shard in RocksDB, beside two rows of its own: the number of objects, written
 * with each change, and the dimensions. A write is on the disk when its call returns.
 */
final class ShardDatabase implements AutoCloseable {
  private static final byte[] COUNT = "mcount".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DIMENSIONS = "mdimensions".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FIRST_OBJECT = {ObjectCodec.OBJECT};
  private static final byte[] AFTER_OBJECTS = {ObjectCodec.OBJECT + 1};
  private static final byte[] NOTHING = {};

  private final Options options;
  private final RocksDB rocks;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final Object writing = new Object();
  private volatile long objects;

  private ShardDatabase(Options options, RocksDB rocks) throws RocksDBException {
    this.options = options;
    this.rocks = rocks;
    this.objects = number(COUNT);
  }

  static ShardDatabase create(RocksSettings settings, Path folder, int dimensions)
      throws RocksDBException {
    Options options = settings.fresh();
    RocksDB rocks = openOrClose(options, () -> RocksDB.open(options, folder.toString()));
    try (var batch = new WriteBatch();
        var write = new WriteOptions().setSync(true)) {
      batch.put(DIMENSIONS, bytes(dimensions));
      batch.put(COUNT, bytes(0));
      rocks.write(write, batch);
    }
    return new ShardDatabase(options, rocks);
  }

  static ShardDatabase open(RocksSettings settings, Path folder) throws RocksDBException {
    Options options = settings.existing();
    return new ShardDatabase(
        options, openOrClose(options, () -> RocksDB.open(options, folder.toString())));
  }

  /** Opens without a change of the folder, which several may do at once. */
  static ShardDatabase openReadOnly(RocksSettings settings, Path folder) throws RocksDBException {
    Options options = settings.readOnly();
    return new ShardDatabase(
        options, openOrClose(options, () -> RocksDB.openReadOnly(options, folder.toString())));
  }

  private interface Opening {
    RocksDB open() throws RocksDBException;
  }

  private static RocksDB openOrClose(Options options, Opening opening) throws RocksDBException {
    try {
      return opening.open();
    } catch (RocksDBException e) {
      options.close();
      throw e;
    }
  }

  long objects() {
    return objects;
  }

  long dimensions() throws RocksDBException {
    return number(DIMENSIONS);
  }

  /** Stores all of these rows; of those with one key, the last. */
  void put(List<Row> rows) throws RocksDBException {
    synchronized (writing) {
      long added = 0;
      var seen = new HashSet<ByteBuffer>();
      try (var batch = new WriteBatch()) {
        for (Row row : rows) {
          boolean first = seen.add(ByteBuffer.wrap(row.key()));
          added += first && !exists(row.key()) ? 1 : 0;
          batch.put(row.key(), row.value());
        }
        write(batch, objects + added);
      }
    }
  }

  void delete(byte[] key) throws RocksDBException {
    synchronized (writing) {
      if (!exists(key)) {
        return;
      }
      try (var batch = new WriteBatch()) {
        batch.delete(key);
        write(batch, objects - 1);
      }
    }
  }

  private void write(WriteBatch batch, long count) throws RocksDBException {
    batch.put(COUNT, bytes(count));
    rocks.write(synced, batch);
    objects = count;
  }

  private boolean exists(byte[] key) throws RocksDBException {
    return rocks.get(key, NOTHING) != RocksDB.NOT_FOUND;
  }

  Optional<StoredObject> get(byte[] key) throws RocksDBException {
    byte @Nullable [] value = rocks.get(key);
    return value == null
        ? Optional.empty()
        : Optional.of(ObjectCodec.object(ObjectCodec.id(key), value));
  }

  /**
   * Objects in the order of their ids' bytes.
   *
   * @param after the key after which the list begins; null for the first
   */
  List<StoredObject> list(byte @Nullable [] after, int limit) throws RocksDBException {
    var found = new ArrayList<StoredObject>();
    try (var end = new Slice(AFTER_OBJECTS);
        var reading = scanning(end);
        var rows = rocks.newIterator(reading)) {
      // A key with a zero byte appended is the next possible one.
      rows.seek(
          after == null ? FIRST_OBJECT : ByteBuffer.allocate(after.length + 1).put(after).array());
      for (; found.size() < limit && rows.isValid(); rows.next()) {
        found.add(ObjectCodec.object(ObjectCodec.id(rows.key()), rows.value()));
      }
      rows.status();
    }
    return found;
  }

  /** The nearest objects, read at one moment. */
  List<Hit> search(Distance distance, VectorQuery query) throws RocksDBException {
    var nearness = new Nearness(distance, query.vector());
    var nearest = new PriorityQueue<Candidate>(Candidate.WORST_FIRST);
    var row = new RowBuffer();
    float[] vector = new float[query.vector().length];
    try (var end = new Slice(AFTER_OBJECTS);
        var reading = scanning(end);
        var rows = rocks.newIterator(reading)) {
      for (rows.seek(FIRST_OBJECT); rows.isValid(); rows.next()) {
        row.read(rows);
        ObjectCodec.readVector(row.bytes, vector);
        double near = nearness.of(vector);
        if (Candidate.enters(nearest, query.k(), near) && row.matches(query)) {
          nearest.add(new Candidate(rows.key(), near, row.copy()));
          if (nearest.size() > query.k()) {
            nearest.remove();
          }
        }
      }
      rows.status();
    }
    return nearest.stream().map(candidate -> candidate.hit(query)).sorted(Hit.ORDER).toList();
  }

  private static ReadOptions scanning(Slice end) {
    return new ReadOptions().setFillCache(false).setIterateUpperBound(end);
  }

  /** The present state as immutable files by hard link; the folder must not exist yet. */
  void checkpoint(Path folder) throws RocksDBException {
    try (var checkpoint = Checkpoint.create(rocks)) {
      checkpoint.createCheckpoint(folder.toString());
    }
  }

  /** Reads every block and compares its checksum. */
  void verify() throws RocksDBException {
    rocks.verifyChecksum();
  }

  private long number(byte[] key) throws RocksDBException {
    byte @Nullable [] value = rocks.get(key);
    if (value == null || value.length != Long.BYTES) {
      throw new RocksDBException(
          "not a shard's database: it has no row " + new String(key, StandardCharsets.US_ASCII));
    }
    return ByteBuffer.wrap(value).getLong();
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  @Override
  public void close() {
    synced.close();
    rocks.close();
    options.close();
  }

  /** A row's value in an array that is used again for the next row. */
  private static final class RowBuffer {
    private byte[] bytes = new byte[4096];
    private int length;

    void read(RocksIterator rows) {
      length = rows.value(bytes);
      if (length > bytes.length) {
        bytes = new byte[length * 2];
        length = rows.value(bytes);
      }
    }

    boolean matches(VectorQuery query) {
      if (query.filters().isEmpty()) {
        return true;
      }
      Map<String, Object> properties = ObjectCodec.properties(bytes, length);
      return query.filters().stream().allMatch(filter -> filter.matches(properties));
    }

    byte[] copy() {
      return Arrays.copyOf(bytes, length);
    }
  }
}
