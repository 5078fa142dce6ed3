package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.Notes;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree in the order of {@link EntryPath}. Holds the names of one directory for each level,
 * and a path for each file that has several links.
 */
final class TreeListing implements UnitReader.Listing {

  /** Which part of a directory is walked. */
  enum Depth {
    ALL,
    /** The directory itself and what is no directory in it. */
    LOOSE
  }

  private record Inode(long device, long number) {}

  /** A directory whose names are being walked. */
  private static final class Level {
    final Path directory;
    final EntryPath path;
    final byte[][] names;
    int next;

    Level(Path directory, EntryPath path, byte[][] names) {
      this.directory = directory;
      this.path = path;
      this.names = names;
    }
  }

  private final Path top;
  private final byte[] prefix;
  private final Patterns patterns;
  private final Depth depth;
  private final Notes notes;
  private final Instant begun;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Map<Inode, EntryPath> linked = new HashMap<>();
  private boolean started;
  private @Nullable SourceFile next;

  /**
   * @param prefix of the unit in its root, for patterns
   */
  TreeListing(Path top, byte[] prefix, Patterns patterns, Depth depth, Notes notes, Instant begun) {
    this.top = top;
    this.prefix = prefix;
    this.patterns = patterns;
    this.depth = depth;
    this.notes = notes;
    this.begun = begun;
  }

  @Override
  public boolean hasNext() {
    if (!started) {
      started = true;
      next = enter();
    }
    while (next == null && !levels.isEmpty()) {
      next = step(levels.getLast());
    }
    return next != null;
  }

  @Override
  public SourceFile next() {
    SourceFile file = hasNext() ? next : null;
    if (file == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return file;
  }

  @Override
  public void close() {
    levels.clear();
  }

  /** The unit's own directory; a root may be a link, since it is what was configured. */
  private @Nullable SourceFile enter() {
    try {
      Path real = prefix.length == 0 ? top.toRealPath() : top;
      Stat stat = Stat.of(real);
      if (!stat.directory()) {
        notes.note("vanished", EntryPath.ROOT, "is no folder any more");
        return null;
      }
      descend(real, EntryPath.ROOT, stat);
      return source(stat, EntryPath.ROOT, FileType.DIRECTORY, null);
    } catch (NoSuchFileException e) {
      if (prefix.length == 0) {
        throw new TransientFailure("the folder " + top + " is not there", e);
      }
      notes.note("vanished", EntryPath.ROOT, "folder");
      return null;
    } catch (IOException e) {
      throw new TransientFailure("the folder " + top + " cannot be read: " + Faults.why(e), e);
    }
  }

  private @Nullable SourceFile step(Level level) {
    if (level.next == level.names.length) {
      levels.removeLast();
      return null;
    }
    byte[] name = level.names[level.next++];
    EntryPath path;
    try {
      path = level.path.child(name);
    } catch (IllegalArgumentException e) {
      notes.note("unreadable", level.path, "holds a path of more than 16 KiB");
      return null;
    }
    Path file = RawNames.child(level.directory, name);
    try {
      return entry(file, path, Stat.of(file));
    } catch (NoSuchFileException e) {
      notes.note("vanished", path, "while it was listed");
    } catch (IOException e) {
      notes.note("unreadable", path, Faults.why(e));
    }
    return null;
  }

  private @Nullable SourceFile entry(Path file, EntryPath path, Stat stat) throws IOException {
    byte[] inRoot = inRoot(path);
    if (patterns.excludes(inRoot, stat.directory())) {
      return null;
    }
    if (stat.directory()) {
      if (depth == Depth.LOOSE) {
        return null;
      }
      descend(file, path, stat);
      return source(stat, path, FileType.DIRECTORY, null);
    }
    if (!patterns.includes(inRoot)) {
      return null;
    }
    String special = stat.special();
    if (special != null) {
      notes.note("special", path, special);
      return null;
    }
    if (stat.link()) {
      String target = EntryPath.escape(RawNames.bytes(Files.readSymbolicLink(file)));
      return source(stat, path, FileType.SYMLINK, target);
    }
    return regular(file, path, stat);
  }

  private @Nullable SourceFile regular(Path file, EntryPath path, Stat stat) {
    var inode = new Inode(stat.device(), stat.inode());
    EntryPath first = stat.links() > 1 ? linked.get(inode) : null;
    if (first != null) {
      return source(stat, path, FileType.HARDLINK, first.toString());
    }
    if (!Files.isReadable(file)) {
      notes.note("unreadable", path, "permission denied");
      return null;
    }
    if (stat.links() > 1) {
      linked.put(inode, path);
    }
    return source(stat, path, FileType.FILE, null);
  }

  private SourceFile source(Stat stat, EntryPath path, FileType type, @Nullable String target) {
    return new SourceFile(stat.meta(path, type, target), stat.identity(), stat.strong(begun));
  }

  /**
   * Names that come up while the directory is read may be missed, as in any live copy. A link that
   * took the directory's place meanwhile has been followed; its names are thrown away.
   */
  private void descend(Path directory, EntryPath path, Stat before) {
    List<byte[]> names = new ArrayList<>();
    try {
      for (Path child : Trees.children(directory)) {
        names.add(RawNames.name(child));
      }
      Stat after = Stat.of(directory);
      if (!after.directory() || after.inode() != before.inode()) {
        names.clear();
        notes.note("vanished", path, "while it was listed");
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      notes.note("vanished", path, "while it was listed");
    } catch (IOException e) {
      notes.note("unreadable", path, Faults.why(e));
    }
    byte[][] sorted = names.toArray(new byte[0][]);
    Arrays.sort(sorted, Arrays::compareUnsigned);
    levels.addLast(new Level(directory, path, sorted));
  }

  private byte[] inRoot(EntryPath path) {
    byte[] below = path.bytes();
    if (prefix.length == 0) {
      return below;
    }
    byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + below.length);
    whole[prefix.length] = '/';
    System.arraycopy(below, 0, whole, prefix.length + 1, below.length);
    return whole;
  }
}
