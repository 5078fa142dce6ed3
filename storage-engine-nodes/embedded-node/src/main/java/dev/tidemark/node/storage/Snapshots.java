package dev.tidemark.node.storage;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.DurableFiles;
import dev.tidemark.node.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/**
 * The snapshots of one generation of a shard. A snapshot is made in a folder of a name that is none
 * and then renamed, so one that a crash cut short is not there; the next start removes its folder.
 * Those who make and remove take turns; readers wait for nobody.
 */
final class Snapshots {
  /** For how long an expired name is answered as gone and not as unknown. */
  private static final Duration REMEMBERED = Duration.ofDays(7);

  /** No name begins with a dot. */
  private static final String MAKING = ".making-";

  private final ShardFolder folder;
  private final RocksSettings settings;
  private final InstantSource clock;

  Snapshots(ShardFolder folder, RocksSettings settings, InstantSource clock) {
    this.folder = folder;
    this.settings = settings;
    this.clock = clock;
  }

  /** How the database's files come into a new folder, all of one moment. */
  interface Cut {
    void into(Path files) throws IOException, RocksDBException;
  }

  /** Which shard is snapshotted. */
  record Subject(String collection, String shard, String generation) {}

  /**
   * A found snapshot, or the made one.
   *
   * @param made whether by this call
   */
  record Outcome(Snapshot snapshot, boolean made) {}

  synchronized Outcome findOrMake(Subject subject, String name, Duration timeToLive, Cut cut)
      throws IOException, RocksDBException {
    Instant now = clock.instant();
    Optional<Snapshot> found = present(name);
    if (found.isPresent()) {
      Snapshot renewed = found.get().until(now.plus(timeToLive));
      record(name).write(renewed);
      return new Outcome(renewed, false);
    }
    DurableFiles.deleteTree(place(name));
    Path making = place(MAKING + name);
    DurableFiles.deleteTree(making);
    Files.createDirectory(making);
    cut.into(making.resolve("files"));
    Snapshot snapshot = describe(subject, name, now, timeToLive, making.resolve("files"));
    new JsonFile<>(making.resolve("snapshot.json"), Snapshot.class).write(snapshot);
    DurableFiles.sync(making);
    DurableFiles.move(making, place(name));
    Files.deleteIfExists(folder.expired().resolve(name));
    return new Outcome(snapshot, true);
  }

  private Snapshot describe(
      Subject subject, String name, Instant now, Duration timeToLive, Path files)
      throws IOException, RocksDBException {
    List<SnapshotFile> digested = digest(files);
    try (var database = ShardDatabase.openReadOnly(settings, files)) {
      return new Snapshot(
          subject.collection(),
          subject.shard(),
          name,
          subject.generation(),
          now,
          now.plus(timeToLive),
          database.objects(),
          digested.stream().mapToLong(SnapshotFile::size).sum(),
          digested);
    }
  }

  private List<SnapshotFile> digest(Path files) throws IOException {
    Map<String, SnapshotFile> known = new HashMap<>();
    folder
        .digests()
        .read()
        .ifPresent(digests -> digests.files().forEach(file -> known.put(file.name(), file)));
    var all = new ArrayList<SnapshotFile>();
    for (Path file : DurableFiles.children(files)) {
      all.add(digest(file, known));
    }
    var immutable = all.stream().filter(file -> file.number() != null).toList();
    if (!known.keySet().containsAll(immutable.stream().map(SnapshotFile::name).toList())) {
      folder.digests().write(new KnownDigests(immutable));
    }
    return all;
  }

  private static SnapshotFile digest(Path file, Map<String, SnapshotFile> known)
      throws IOException {
    String name = file.getFileName().toString();
    long size = Files.size(file);
    SnapshotFile before = known.get(name);
    return before != null && before.size() == size
        ? before
        : new SnapshotFile(name, SnapshotFile.number(name), size, Sha256.of(file));
  }

  /**
   * @throws NodeFailure where there is none, or it expired
   */
  Snapshot require(String name) throws IOException {
    Optional<Snapshot> found = present(name);
    if (found.isPresent()) {
      return found.get();
    }
    if (Files.exists(place(name)) || Files.exists(folder.expired().resolve(name))) {
      throw NodeFailure.of(Kind.GONE, "snapshot " + name)
          .hint("make a new one, with a longer time to live");
    }
    throw NodeFailure.of(Kind.NOT_FOUND, "snapshot " + name);
  }

  /** The path of a snapshot's file. */
  Path file(String name, String file) throws IOException {
    List<SnapshotFile> files = require(name).files();
    if (files == null || files.stream().noneMatch(each -> each.name().equals(file))) {
      throw NodeFailure.of(Kind.NOT_FOUND, "file " + file + " of snapshot " + name);
    }
    return place(name).resolve("files").resolve(file);
  }

  synchronized void delete(String name) throws IOException {
    remove(name);
    Files.deleteIfExists(folder.expired().resolve(name));
  }

  private void remove(String name) throws IOException {
    Path doomed = place(MAKING + name);
    DurableFiles.deleteTree(doomed);
    if (Files.exists(place(name))) {
      // Renamed first: a removal that a crash cuts short leaves no half of a snapshot.
      DurableFiles.move(place(name), doomed);
      DurableFiles.deleteTree(doomed);
    }
  }

  List<Snapshot> list() throws IOException {
    var all = new ArrayList<Snapshot>();
    for (Path child : DurableFiles.children(folder.snapshots())) {
      present(child.getFileName().toString()).ifPresent(all::add);
    }
    return all;
  }

  /** Removes what expired, and what an earlier process left half-made. */
  synchronized void sweep() throws IOException {
    for (Path child : DurableFiles.children(folder.snapshots())) {
      String name = child.getFileName().toString();
      if (name.startsWith(MAKING)) {
        DurableFiles.deleteTree(child);
      } else if (present(name).isEmpty()) {
        // Marked first, so that nobody meets a name that was never there.
        DurableFiles.replace(folder.expired().resolve(name), new byte[0]);
        remove(name);
      }
    }
    Instant forgotten = clock.instant().minus(REMEMBERED);
    for (Path child : DurableFiles.children(folder.expired())) {
      if (Files.getLastModifiedTime(child).toInstant().isBefore(forgotten)) {
        Files.deleteIfExists(child);
      }
    }
  }

  /** A snapshot that is there and whose time is not over. */
  private Optional<Snapshot> present(String name) throws IOException {
    return name.startsWith(".")
        ? Optional.empty()
        : record(name).read().filter(snapshot -> snapshot.expiresAt().isAfter(clock.instant()));
  }

  private JsonFile<Snapshot> record(String name) {
    return new JsonFile<>(place(name).resolve("snapshot.json"), Snapshot.class);
  }

  private Path place(String name) {
    return folder.snapshots().resolve(name);
  }
}
