package dev.tidemark.node.storage;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.DurableFiles;
import dev.tidemark.node.schema.Schema.Assignment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * A generation that is being restored: its files are written, put on the disk, and proven as a
 * whole. Writers of different files go on beside each other; syncing, committing and deleting wait
 * for them. Proving reads only, so a commit that a crash cut short can be repeated.
 */
public final class RestoredShard {
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int BUFFER_BYTES = 256 << 10;

  private final ShardFolder folder;
  private final Assignment assignment;
  private final RocksSettings settings;
  private final Disk disk;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Set<String> unsynced = ConcurrentHashMap.newKeySet();

  RestoredShard(ShardFolder folder, Assignment assignment, RocksSettings settings, Disk disk) {
    this.folder = folder;
    this.assignment = assignment;
    this.settings = settings;
    this.disk = disk;
  }

  Assignment assignment() {
    return assignment;
  }

  void makeFolder() throws IOException {
    folder.makeFolders();
    DurableFiles.makeFolder(folder.database());
    if (folder.origin().read().isEmpty()) {
      var placement = assignment.placement();
      folder
          .origin()
          .write(
              new ShardOrigin(
                  assignment.collection().name(),
                  placement.name(),
                  placement.generation(),
                  true,
                  UUID.randomUUID().toString()));
    }
  }

  public boolean begun() throws IOException {
    return folder.origin().read().isPresent();
  }

  /** How much of each file is on the disk. */
  public SortedMap<String, Long> synced() throws IOException {
    var sizes = new TreeMap<String, Long>();
    for (var file : syncedBefore().entrySet()) {
      sizes.put(file.getKey(), Math.min(file.getValue(), size(file.getKey())));
    }
    return sizes;
  }

  private SortedMap<String, Long> syncedBefore() throws IOException {
    return folder.synced().read().map(SyncedFiles::sizes).orElseGet(TreeMap::new);
  }

  public Optional<CommittedFiles> committed() throws IOException {
    return folder.committed().read();
  }

  /**
   * Writes bytes into a file, which ends behind them.
   *
   * @param at the place that is meant; null for whatever is there
   * @return the file's new size
   * @throws NodeFailure DIGEST_MISMATCH where other bytes arrived; the file then ends before them.
   *     PLACE_GONE where the place is another one
   */
  public long write(@Nullable String at, String file, Piece piece) {
    long offset = piece.offset();
    requireFileName(file);
    if (disk.state() == Disk.State.READONLY) {
      throw full(file, disk.reason());
    }
    lock.readLock().lock();
    try {
      requireOpen(at);
      unsynced.add(file);
      try (var channel =
          FileChannel.open(path(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        if (offset < 0 || offset > channel.size()) {
          throw NodeFailure.of(Kind.CONFLICT, "write file " + file + " of " + assignment)
              .expected("an offset of at most " + channel.size())
              .found(String.valueOf(offset))
              .hint("go on where the file ends");
        }
        channel.truncate(offset).position(offset);
        String arrived = copy(piece.bytes(), channel);
        if (piece.sha256() != null && !piece.sha256().equals(arrived)) {
          channel.truncate(offset);
          throw NodeFailure.of(Kind.DIGEST_MISMATCH, "write file " + file + " of " + assignment)
              .expected("bytes of SHA-256 " + piece.sha256())
              .found(arrived)
              .hint("send them again");
        }
        disk.grew(channel.size() - offset);
        return channel.size();
      }
    } catch (IOException e) {
      throw full(file, e.toString()).cause(e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private NodeFailure full(String file, String found) {
    return NodeFailure.of(Kind.SHARD_READONLY, "write file " + file + " of " + assignment)
        .found(found)
        .hint("free space, then write the file again from its synced size");
  }

  private static String copy(InputStream from, FileChannel to) throws IOException {
    MessageDigest digest = Sha256.started();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      digest.update(buffer, 0, read);
      var chunk = ByteBuffer.wrap(buffer, 0, read);
      while (chunk.hasRemaining()) {
        to.write(chunk);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Puts all that was written on the disk.
   *
   * @param at the place that is meant; null for whatever is there
   */
  public void sync(@Nullable String at) {
    exclusively(
        () -> {
          requireOpen(at);
          syncFiles();
        });
  }

  private void syncFiles() throws IOException {
    SortedMap<String, Long> before = syncedBefore();
    var sizes = new TreeMap<String, Long>();
    for (Path path : DurableFiles.children(folder.database())) {
      String name = path.getFileName().toString();
      long size = Files.size(path);
      if (unsynced.contains(name) || before.getOrDefault(name, -1L) != size) {
        DurableFiles.sync(path);
      }
      sizes.put(name, size);
    }
    DurableFiles.sync(folder.database());
    folder.synced().write(new SyncedFiles(sizes));
    unsynced.clear();
  }

  /**
   * Proves that the files are these and make up a sound database; other files are removed.
   *
   * @param at the place that is meant; null for whatever is there
   * @throws NodeFailure naming what is not as it should be; files can then be written again
   */
  public void commit(@Nullable String at, List<FileDigest> files) {
    exclusively(
        () -> {
          Optional<CommittedFiles> before = folder.committed().read();
          if (before.isEmpty()) {
            requireOpen(at);
            List<FileDigest> proven = prove(files);
            syncFiles();
            folder.committed().write(new CommittedFiles(proven, openAndVerify()));
            folder.digests().write(immutable(proven));
            return;
          }
          requirePlace(at);
          if (!isSame(before.get().files(), files)) {
            throw NodeFailure.of(Kind.CONFLICT, "commit of " + assignment)
                .expected("the files with which it was committed")
                .found("other files");
          }
        });
  }

  private static boolean isSame(List<FileDigest> committed, List<FileDigest> asked) {
    Map<String, FileDigest> byName = new HashMap<>();
    committed.forEach(file -> byName.put(file.name(), file));
    return committed.size() == asked.size()
        && asked.stream()
            .allMatch(
                file -> {
                  FileDigest known = byName.get(file.name());
                  return known != null
                      && known.size() == file.size()
                      && (file.sha256() == null || file.sha256().equals(known.sha256()));
                });
  }

  private static KnownDigests immutable(List<FileDigest> files) {
    return new KnownDigests(
        files.stream()
            .map(
                file ->
                    new SnapshotFile(
                        file.name(),
                        SnapshotFile.number(file.name()),
                        file.size(),
                        Objects.requireNonNull(file.sha256())))
            .filter(file -> file.number() != null)
            .toList());
  }

  /** The same files, each with its digest. */
  private List<FileDigest> prove(List<FileDigest> files) throws IOException {
    var names = new HashSet<String>();
    for (FileDigest file : files) {
      requireFileName(file.name());
      if (!names.add(file.name())) {
        throw NodeFailure.invalid("files of " + assignment, "each once", file.name() + " twice");
      }
    }
    for (Path path : DurableFiles.children(folder.database())) {
      if (!names.contains(path.getFileName().toString())) {
        DurableFiles.deleteTree(path);
      }
    }
    var proven = new ArrayList<FileDigest>();
    for (FileDigest file : files) {
      proven.add(prove(file));
    }
    return proven;
  }

  private FileDigest prove(FileDigest file) throws IOException {
    long size = size(file.name());
    if (size != file.size()) {
      throw mismatch(file, file.size() + " bytes", size < 0 ? "no file" : size + " bytes");
    }
    String digest = Sha256.of(path(file.name()));
    if (file.sha256() != null && !digest.equals(file.sha256())) {
      throw mismatch(file, "SHA-256 " + file.sha256(), digest);
    }
    return new FileDigest(file.name(), size, digest);
  }

  private NodeFailure mismatch(FileDigest file, String expected, String found) {
    return NodeFailure.of(Kind.DIGEST_MISMATCH, "file " + file.name() + " of " + assignment)
        .expected(expected)
        .found(found)
        .hint("write the file again from offset 0");
  }

  private long openAndVerify() {
    try (var database = ShardDatabase.openReadOnly(settings, folder.database())) {
      database.verify();
      int expected = assignment.collection().dimensions();
      if (database.dimensions() != expected) {
        throw NodeFailure.of(Kind.DIGEST_MISMATCH, "database of " + assignment)
            .expected(expected + " dimensions")
            .found(String.valueOf(database.dimensions()));
      }
      return database.objects();
    } catch (RocksDBException e) {
      throw NodeFailure.of(Kind.DIGEST_MISMATCH, "database of " + assignment)
          .expected("a sound database")
          .found(e.getMessage())
          .cause(e);
    }
  }

  /** Removes all that was written, also what was committed; it can be begun anew. */
  void delete() {
    exclusively(
        () -> {
          // First, so that no crash leaves a committed shard with some of its files.
          Files.deleteIfExists(folder.root().resolve("committed.json"));
          DurableFiles.deleteTree(folder.root());
          unsynced.clear();
        });
  }

  private void requireOpen(@Nullable String at) throws IOException {
    requirePlace(at);
    if (!begun()) {
      throw NodeFailure.of(Kind.NOT_FOUND, "restore of " + assignment).hint("begin it first");
    }
    if (folder.committed().read().isPresent()) {
      throw NodeFailure.of(Kind.CONFLICT, "restore of " + assignment)
          .expected("one that is not committed")
          .found("COMMITTED");
    }
  }

  private void requirePlace(@Nullable String at) throws IOException {
    Optional<String> here = folder.place();
    if (at != null && !here.equals(Optional.of(at))) {
      throw NodeFailure.of(Kind.PLACE_GONE, "restore of " + assignment)
          .expected("place " + at)
          .found(here.map(place -> "place " + place).orElse("nothing that was begun"))
          .hint("begin it again, and write all of it");
    }
  }

  private static void requireFileName(String file) {
    if (file == null || !FILE.matcher(file).matches()) {
      throw NodeFailure.invalid("file name", FILE.pattern(), file);
    }
  }

  private long size(String file) throws IOException {
    try {
      return Files.size(path(file));
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  private Path path(String file) {
    return folder.database().resolve(file);
  }

  private interface Work {
    void run() throws IOException;
  }

  private void exclusively(Work work) {
    lock.writeLock().lock();
    try {
      work.run();
    } catch (IOException e) {
      throw new UncheckedIOException("restore of " + assignment, e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  ShardLine line() {
    return new ShardLine(
        assignment.collection().name(),
        assignment.collection().id(),
        assignment.placement().name(),
        assignment.placement().generation(),
        ShardStatus.RESTORING,
        null,
        null,
        folder.databaseBytes());
  }
}
