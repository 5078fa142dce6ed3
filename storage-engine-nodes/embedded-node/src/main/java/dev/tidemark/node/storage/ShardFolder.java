package dev.tidemark.node.storage;

import dev.tidemark.node.files.DurableFiles;
import dev.tidemark.node.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of one generation of a shard:
 *
 * <pre>
 * origin.json       written last when the shard is made, so a folder without it is half-made
 * db/               RocksDB
 * readonly          why writes are refused, while they are
 * digests.json      SHA-256 of immutable files, by name and size
 * snapshots/NAME/   snapshot.json and files/
 * expired/NAME      a snapshot that was removed when its time was over
 * synced.json       (restored) how much of each file is on the disk
 * committed.json    (restored) the files, all proven
 * </pre>
 */
record ShardFolder(Path root) {
  Path database() {
    return root.resolve("db");
  }

  Path snapshots() {
    return root.resolve("snapshots");
  }

  Path expired() {
    return root.resolve("expired");
  }

  Path readonly() {
    return root.resolve("readonly");
  }

  JsonFile<ShardOrigin> origin() {
    return new JsonFile<>(root.resolve("origin.json"), ShardOrigin.class);
  }

  JsonFile<KnownDigests> digests() {
    return new JsonFile<>(root.resolve("digests.json"), KnownDigests.class);
  }

  JsonFile<SyncedFiles> synced() {
    return new JsonFile<>(root.resolve("synced.json"), SyncedFiles.class);
  }

  JsonFile<CommittedFiles> committed() {
    return new JsonFile<>(root.resolve("committed.json"), CommittedFiles.class);
  }

  /** Whether all that a database of this generation needs is here. */
  boolean complete() throws IOException {
    var origin = origin().read();
    return origin.isPresent() && (!origin.get().restored() || committed().read().isPresent());
  }

  /**
   * Where restored files are written: another place for each time that the folder is made, so that
   * who wrote some of them can tell that they are gone. Empty where it is not made.
   */
  Optional<String> place() throws IOException {
    return origin()
        .read()
        .filter(ShardOrigin::restored)
        // Of a release that minted none.
        .map(origin -> origin.place() == null ? origin.generation() : origin.place());
  }

  void makeFolders() throws IOException {
    DurableFiles.makeFolder(root);
    DurableFiles.makeFolder(snapshots());
    DurableFiles.makeFolder(expired());
  }

  long databaseBytes() {
    return bytes(database());
  }

  /** The sizes of a folder's files; 0 where there is none. Files that go meanwhile count 0. */
  static long bytes(Path folder) {
    try {
      long sum = 0;
      for (Path file : DurableFiles.children(folder)) {
        sum += size(file);
      }
      return sum;
    } catch (IOException e) {
      return 0;
    }
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
