package dev.tidemark.engine.weaviate;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.engine.weaviate.NodeDescriptor.ShardPart;
import dev.tidemark.engine.weaviate.TarMembers.Member;
import dev.tidemark.engine.weaviate.UnitIndex.Piece;
import dev.tidemark.engine.weaviate.UnitIndex.StoredFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts a shard's files together from the members of its chunks, and requires that they are those
 * that its descriptor names, and the three that a server makes for the backup.
 */
final class ShardFiles {
  /** Of the shard's folder: they are in memory on the server, and not among the files. */
  private static final Set<String> MADE = Set.of("indexcount", "proplengths", "version");

  /** Which the server names and leaves out. */
  private static final String LEFT_OUT = "/.DS_Store";

  private final String folder;
  private final Map<String, List<Found>> found = new TreeMap<>();

  private record Found(String key, Member member) {}

  /**
   * @param folder of the shard in the server's data, with a slash at its end
   */
  ShardFiles(String folder) {
    this.folder = folder;
  }

  /** Takes what of a chunk is the shard's. */
  void add(String key, List<Member> members) {
    for (Member member : members) {
      if (member.name().startsWith(folder)) {
        found.computeIfAbsent(member.name(), name -> new ArrayList<>()).add(new Found(key, member));
      }
    }
  }

  /**
   * The files, in order.
   *
   * @param descriptor the key of the node's descriptor
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED where they are not all of them, or
   *     others
   */
  List<StoredFile> files(String descriptor, ShardPart expected) {
    var missing = new TreeSet<>(expected.files());
    missing.removeAll(found.keySet());
    missing.removeIf(name -> name.endsWith(LEFT_OUT));
    if (!missing.isEmpty()) {
      throw Damage.of(
          descriptor,
          "the %d files that it names of shard %s in its chunks"
              .formatted(expected.files().size(), expected.name()),
          "%d of them are in none, the first: %s".formatted(missing.size(), missing.first()));
    }
    List<StoredFile> files = new ArrayList<>();
    found.forEach(
        (name, parts) -> {
          String inFolder = name.substring(folder.length());
          if (!expected.files().contains(name) && !MADE.contains(inFolder)) {
            throw Damage.of(
                parts.get(0).key(), "files that " + descriptor + " names", "another: " + name);
          }
          files.add(file(name, inFolder, parts, expected.sizes().get(name)));
        });
    files.sort(Comparator.comparing(StoredFile::path));
    return files;
  }

  private static StoredFile file(
      String name, String inFolder, List<Found> parts, @Nullable Long size) {
    parts.sort(Comparator.comparing(part -> part.member().fileOffset()));
    List<Piece> pieces = new ArrayList<>();
    long end = 0;
    for (Found part : parts) {
      Member member = part.member();
      if (member.fileOffset() != end || (parts.size() > 1 && !member.split())) {
        throw Damage.of(
            part.key(),
            "the part of %s at %d".formatted(name, end),
            "one at " + member.fileOffset());
      }
      pieces.add(new Piece(part.key(), member.offset(), member.size()));
      end += member.size();
    }
    if (size != null && size != end) {
      throw Damage.of(parts.get(0).key(), "%s of %d bytes".formatted(name, size), end + " bytes");
    }
    Member first = parts.get(0).member();
    return new StoredFile(
        path(parts.get(0).key(), inFolder), end, first.mode(), first.mtimeSeconds(), pieces);
  }

  private static EntryPath path(String key, String name) {
    try {
      return EntryPath.of(name.getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw Damage.of(key, "a path in the shard's folder", "'" + name + "'").cause(e);
    }
  }
}
