package dev.tidemark.node;

import dev.tidemark.node.cluster.Ids;
import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.DurableFiles;
import dev.tidemark.node.files.JsonFile;
import dev.tidemark.node.schema.Schema;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The data folder of a node, held by one process at a time:
 *
 * <pre>
 * LOCK          locked while a process uses the folder
 * node.json     whose folder it is; its incarnation is minted when the folder is new
 * schema.json   the schema, or the newest copy of it
 * shards/       a folder for each generation of a shard
 * temporary/    emptied at each start
 * </pre>
 */
final class DataFolder implements AutoCloseable {
  private final Path root;
  private final FileChannel lock;
  private final Identity identity;

  /** Whose folder it is. */
  record Identity(String name, String incarnation) {}

  private DataFolder(Path root, FileChannel lock, Identity identity) {
    this.root = root;
    this.lock = lock;
    this.identity = identity;
  }

  /**
   * @throws NodeFailure where another process has it, or it belongs to another node
   */
  static DataFolder open(Path path, String name) throws IOException {
    Path root = Files.createDirectories(path).toRealPath();
    FileChannel lock = lock(root);
    try {
      DurableFiles.deleteTree(root.resolve("temporary"));
      Files.createDirectories(root.resolve("temporary").resolve("logs"));
      DurableFiles.makeFolder(root.resolve("shards"));
      return new DataFolder(root, lock, identify(root, name));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel lock(Path root) throws IOException {
    FileChannel channel =
        FileChannel.open(root.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock taken = channel.tryLock();
      if (taken != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // By this process itself.
    }
    channel.close();
    throw NodeFailure.of(Kind.CONFLICT, "data folder " + root)
        .expected("a folder that no other process uses")
        .found("one that is locked")
        .hint("stop the other node, or give this one a folder of its own");
  }

  private static Identity identify(Path root, String name) throws IOException {
    var file = new JsonFile<>(root.resolve("node.json"), Identity.class);
    @Nullable Identity known = file.read().orElse(null);
    if (known == null) {
      known = new Identity(name, Ids.next("i-"));
      file.write(known);
    }
    if (!known.name().equals(name)) {
      throw NodeFailure.of(Kind.CONFLICT, "data folder " + root)
          .expected("the folder of node " + name)
          .found("that of node " + known.name())
          .hint("correct --name or --data");
    }
    return known;
  }

  String incarnation() {
    return identity.incarnation();
  }

  Path shards() {
    return root.resolve("shards");
  }

  Path logs() {
    return root.resolve("temporary").resolve("logs");
  }

  Path library() {
    return root.resolve("temporary").resolve("native");
  }

  JsonFile<Schema> schema() {
    return new JsonFile<>(root.resolve("schema.json"), Schema.class);
  }

  /**
   * The schema is what says which shards may be removed, so without it none may be.
   *
   * @throws NodeFailure where the schema node has shards but no schema
   */
  void requireNoShards() throws IOException {
    if (!DurableFiles.children(shards()).isEmpty()) {
      throw NodeFailure.of(Kind.CONFLICT, "data folder " + root)
          .expected("schema.json beside the shards")
          .found("shards without it")
          .hint("bring schema.json back, or empty the folder");
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
