package dev.tidemark.node.storage;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.DurableFiles;
import dev.tidemark.node.schema.Activity;
import dev.tidemark.node.schema.Schema.Assignment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One published generation of a shard on this node. Its database is opened when it is first needed
 * and closed while the tenant is inactive. Calls that use the database share a lock; opening,
 * closing and dropping wait for them.
 */
public final class Shard {
  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

  private final ShardFolder folder;
  private final RocksSettings settings;
  private final Disk disk;
  private final Snapshots snapshots;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile Assignment assignment;
  private volatile @Nullable String readonly;
  private volatile @Nullable String lost;
  private volatile @Nullable Long objectsWhileClosed;
  private volatile @Nullable ShardDatabase database;
  private volatile boolean dropped;

  Shard(
      ShardFolder folder,
      Assignment assignment,
      RocksSettings settings,
      Disk disk,
      InstantSource clock) {
    this.folder = folder;
    this.assignment = assignment;
    this.settings = settings;
    this.disk = disk;
    this.snapshots = new Snapshots(folder, settings, clock);
    try {
      if (!folder.complete()) {
        lost = "its data folder is missing";
      } else {
        readonly = Files.exists(folder.readonly()) ? Files.readString(folder.readonly()) : null;
        snapshots.sweep();
      }
    } catch (IOException e) {
      lost = "its data folder cannot be read: " + e;
    }
  }

  private interface Use<T> {
    T with(ShardDatabase database) throws RocksDBException;
  }

  private <T> T use(Use<T> use) {
    openIfClosed();
    lock.readLock().lock();
    try {
      ShardDatabase open = database;
      requireUsable();
      if (open == null) {
        throw NodeFailure.of(Kind.NOT_READY, "shard " + assignment).hint("try again");
      }
      return use.with(open);
    } catch (RocksDBException e) {
      throw NodeFailure.of(Kind.INTERNAL, "read shard " + assignment)
          .found(e.getMessage())
          .cause(e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Refuses where the shard is dropped, lost or inactive. */
  private void requireUsable() {
    requirePresent();
    if (assignment.placement().status() == Activity.INACTIVE) {
      throw NodeFailure.of(Kind.TENANT_INACTIVE, "tenant " + assignment)
          .expected("a tenant that is ACTIVE")
          .hint("set its status to ACTIVE");
    }
  }

  private void requirePresent() {
    if (dropped) {
      throw NodeFailure.of(Kind.GENERATION_UNKNOWN, "shard " + assignment)
          .found("generation " + assignment.placement().generation() + " was dropped");
    }
    if (lost != null) {
      throw NodeFailure.of(Kind.SHARD_LOST, "shard " + assignment)
          .found(lost)
          .hint("restore it from a backup, or drop the collection");
    }
  }

  /** Opens the database of an active shard; what cannot be opened is lost, with its reason. */
  void openIfClosed() {
    if (database != null) {
      return;
    }
    lock.writeLock().lock();
    try {
      if (database == null
          && !dropped
          && lost == null
          && assignment.placement().status() == Activity.ACTIVE) {
        database = ShardDatabase.open(settings, folder.database());
      }
    } catch (RocksDBException e) {
      LOG.error("shard {} cannot be opened", assignment, e);
      lost = "its database cannot be opened: " + e.getMessage();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Stores what can be stored, and tells of each object that could not. */
  public ImportOutcome put(List<StoredObject> objects) {
    requireWritable();
    var rows = new ArrayList<Row>();
    var refused = new ArrayList<ImportOutcome.Refused>();
    long bytes = 0;
    for (int i = 0; i < objects.size(); i++) {
      StoredObject object = objects.get(i);
      try {
        byte[] key = ObjectCodec.key(object.id());
        byte[] value = ObjectCodec.value(object, assignment.collection().dimensions());
        rows.add(new Row(key, value));
        bytes += key.length + value.length;
      } catch (NodeFailure e) {
        refused.add(new ImportOutcome.Refused(i, String.valueOf(object.id()), e.problem()));
      }
    }
    if (!rows.isEmpty()) {
      write(open -> open.put(rows));
      disk.grew(bytes);
    }
    return new ImportOutcome(rows.size(), refused);
  }

  public void delete(String id) {
    requireWritable();
    byte[] key = ObjectCodec.key(id);
    write(open -> open.delete(key));
  }

  private interface Change {
    void on(ShardDatabase database) throws RocksDBException;
  }

  private void write(Change change) {
    use(
        open -> {
          try {
            change.on(open);
          } catch (RocksDBException e) {
            // RocksDB refuses all writes from now on, until the database is opened again.
            makeReadonly("a write failed: " + e.getMessage());
            throw refusal().cause(e);
          }
          return open;
        });
  }

  private void requireWritable() {
    requireUsable();
    if (readonly == null && disk.state() == Disk.State.READONLY) {
      makeReadonly(disk.reason());
    }
    if (readonly != null) {
      throw refusal();
    }
  }

  private NodeFailure refusal() {
    return NodeFailure.of(Kind.SHARD_READONLY, "write to shard " + assignment)
        .found(String.valueOf(readonly))
        .hint("free space, then set the shard's status to READY");
  }

  public StoredObject get(String id) {
    byte[] key = ObjectCodec.key(id);
    return use(open -> open.get(key))
        .orElseThrow(
            () -> NodeFailure.of(Kind.NOT_FOUND, "object " + id + " in shard " + assignment));
  }

  /**
   * @param after the id after which the list begins; null for the first
   */
  public List<StoredObject> list(@Nullable String after, int limit) {
    byte[] key = after == null ? null : ObjectCodec.key(after);
    return use(open -> open.list(key, limit));
  }

  public long count() {
    return use(ShardDatabase::objects);
  }

  public List<Hit> search(VectorQuery query) {
    query.check(assignment.collection().dimensions());
    return use(open -> open.search(assignment.collection().distance(), query));
  }

  /** Refuses writes from now on, also after a restart. */
  public void makeReadonly(String reason) {
    if (readonly != null || lost != null) {
      return;
    }
    readonly = reason;
    LOG.warn("shard {} is READONLY: {}", assignment, reason);
    try {
      DurableFiles.replace(folder.readonly(), reason.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A full disk may refuse even this; then the state lasts as long as the process.
      LOG.warn("shard {}: READONLY could not be recorded", assignment, e);
    }
  }

  /**
   * Allows writes again.
   *
   * @throws NodeFailure while the disk is too full
   */
  public void makeReady() {
    requirePresent();
    if (readonly == null) {
      return;
    }
    disk.measure();
    if (disk.state() == Disk.State.READONLY) {
      throw NodeFailure.of(Kind.SHARD_READONLY, "make shard " + assignment + " READY")
          .expected("a disk that is less full")
          .found(disk.reason())
          .hint("free space first");
    }
    lock.writeLock().lock();
    try {
      closeDatabase();
      Files.deleteIfExists(folder.readonly());
      readonly = null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.writeLock().unlock();
    }
    openIfClosed();
  }

  Snapshots.Outcome snapshot(String name, Duration timeToLive) {
    requirePresent();
    try {
      return snapshots.findOrMake(subject(), name, timeToLive, this::cut);
    } catch (IOException | RocksDBException e) {
      requirePresent();
      throw NodeFailure.of(Kind.INTERNAL, "snapshot " + name + " of shard " + assignment)
          .found(e.toString())
          .cause(e);
    }
  }

  private void cut(Path files) throws IOException, RocksDBException {
    openIfClosed();
    // An inactive tenant's files rest as long as the lock keeps activation out.
    lock.readLock().lock();
    try {
      requirePresent();
      ShardDatabase open = database;
      if (open == null) {
        copyAtRest(files);
      } else {
        open.checkpoint(files);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  private Snapshots.Subject subject() {
    return new Snapshots.Subject(
        assignment.collection().name(),
        assignment.placement().name(),
        assignment.placement().generation());
  }

  private void copyAtRest(Path files) throws IOException {
    Files.createDirectory(files);
    for (Path file : DurableFiles.children(folder.database())) {
      String name = file.getFileName().toString();
      if (SnapshotFile.number(name) != null) {
        Files.createLink(files.resolve(name), file);
      } else if (!name.startsWith("LOG") && !name.equals("LOCK")) {
        Files.copy(file, files.resolve(name));
        DurableFiles.sync(files.resolve(name));
      }
    }
    DurableFiles.sync(files);
  }

  /**
   * @throws NodeFailure where the shard was dropped or is lost
   */
  Snapshots snapshots() {
    requirePresent();
    return snapshots;
  }

  void sweep() throws IOException {
    if (!dropped && lost == null) {
      snapshots.sweep();
    }
  }

  void assign(Assignment changed) {
    assignment = changed;
    if (changed.placement().status() == Activity.INACTIVE) {
      close();
    }
  }

  public Assignment assignment() {
    return assignment;
  }

  public ShardLine line() {
    return new ShardLine(
        assignment.collection().name(),
        assignment.collection().id(),
        assignment.placement().name(),
        assignment.placement().generation(),
        status(),
        lost != null ? lost : readonly,
        lost != null ? null : objects(),
        folder.databaseBytes());
  }

  ShardStatus status() {
    if (lost != null) {
      return ShardStatus.LOST;
    }
    if (assignment.placement().status() == Activity.INACTIVE) {
      return ShardStatus.INACTIVE;
    }
    return readonly == null ? ShardStatus.READY : ShardStatus.READONLY;
  }

  private @Nullable Long objects() {
    lock.readLock().lock();
    try {
      ShardDatabase open = database;
      if (open != null) {
        return open.objects();
      }
      if (objectsWhileClosed == null && !dropped) {
        try (var reading = ShardDatabase.openReadOnly(settings, folder.database())) {
          objectsWhileClosed = reading.objects();
        }
      }
      return objectsWhileClosed;
    } catch (RocksDBException e) {
      LOG.warn("shard {} cannot be counted", assignment, e);
      return null;
    } finally {
      lock.readLock().unlock();
    }
  }

  void close() {
    lock.writeLock().lock();
    try {
      closeDatabase();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void closeDatabase() {
    ShardDatabase open = database;
    if (open != null) {
      database = null;
      objectsWhileClosed = null;
      open.close();
    }
  }

  /** Ends the use of this generation; its folder can be removed afterwards. */
  void drop() {
    lock.writeLock().lock();
    try {
      dropped = true;
      closeDatabase();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
