package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.engine.directory.DirectoryConfig.Root;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** How shards and places on disk belong together. */
final class Units {
  /** The shard of a divided root that holds the root itself and what is no directory in it. */
  static final String LOOSE = ".";

  private Units() {}

  static Root root(DirectoryConfig config, String collection) {
    for (Root root : config.roots()) {
      if (root.name().equals(collection)) {
        return root;
      }
    }
    List<String> names = config.roots().stream().map(Root::name).toList();
    throw PermanentFailure.of(Kind.NOT_FOUND, "root '" + collection + "'")
        .expected("one of the roots " + String.join(", ", names) + " of " + config.name())
        .found("no such root in the configuration");
  }

  static Shard only(List<Shard> shards) {
    if (shards.size() != 1) {
      throw new IllegalArgumentException("a unit of directories is one shard: " + shards);
    }
    return shards.get(0);
  }

  /** The directory that a shard is, or for {@link #LOOSE} lies in. */
  static Path directory(Path root, String shard) {
    return shard.isEmpty() || shard.equals(LOOSE) ? root : RawNames.child(root, name(shard));
  }

  /** The bytes of a child's name, which its shard's name is the text of. */
  static byte[] name(String shard) {
    byte[] name = component(shard);
    if (name.length == 0) {
      throw PermanentFailure.of(Kind.INVALID, "shard '" + shard + "'")
          .expected("the escaped name of one folder")
          .found("something else");
    }
    return name;
  }

  /** A collection's name as that of one folder. */
  static byte[] folder(String collection) {
    byte[] name = component(EntryPath.escape(collection.getBytes(StandardCharsets.UTF_8)));
    if (name.length == 0) {
      throw PermanentFailure.of(Kind.INVALID, "collection '" + collection + "'")
          .expected("a name that a folder can have")
          .found("a slash, a dot or nothing")
          .hint("restore it under another name");
    }
    return name;
  }

  private static byte[] component(String escaped) {
    try {
      EntryPath path = EntryPath.parse(escaped);
      return path.parent().isRoot() ? path.bytes() : new byte[0];
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
