package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A tree of files in memory, which a user edits and a backup reads. */
final class Tree {
  final TreeMap<EntryPath, Node> nodes = new TreeMap<>();
  final Set<EntryPath> weak = new HashSet<>();
  final Set<EntryPath> unreadable = new HashSet<>();
  final TreeSet<EntryPath> special = new TreeSet<>();
  final Set<EntryPath> opened = new HashSet<>();
  private long version;

  /** A file, folder or link. */
  static final class Node {
    private final FileMeta meta;
    private final byte[] content;
    private final String identity;

    Node(FileMeta meta, byte[] content, String identity) {
      this.meta = meta;
      this.content = content;
      this.identity = identity;
    }

    FileMeta meta() {
      return meta;
    }

    byte[] content() {
      return content;
    }

    String identity() {
      return identity;
    }
  }

  Node node(EntryPath path) {
    return Objects.requireNonNull(nodes.get(path));
  }

  static EntryPath path(String text) {
    return EntryPath.of(text.getBytes(StandardCharsets.UTF_8));
  }

  Tree copy() {
    var copy = new Tree();
    copy.nodes.putAll(nodes);
    copy.weak.addAll(weak);
    copy.unreadable.addAll(unreadable);
    copy.special.addAll(special);
    copy.version = version;
    return copy;
  }

  void file(String path, byte[] content) {
    put(meta(path, FileType.FILE, content.length, null), content);
  }

  void folder(String path) {
    put(meta(path, FileType.DIRECTORY, 0, null), new byte[0]);
  }

  void symlink(String path, String target) {
    put(meta(path, FileType.SYMLINK, 0, target), new byte[0]);
  }

  void hardlink(String path, String target) {
    put(meta(path, FileType.HARDLINK, 0, target), new byte[0]);
  }

  void put(FileMeta meta, byte[] content) {
    nodes.put(meta.path(), new Node(meta, content, "v" + ++version));
  }

  /** Other content under the identity that the file had. */
  void falsify(String path, byte[] content) {
    Node old = node(path(path));
    nodes.put(old.meta().path(), new Node(old.meta(), content, old.identity()));
  }

  /** New attributes only: another identity, the same content and time. */
  void touch(EntryPath path, int mode) {
    Node old = node(path);
    FileMeta m = old.meta();
    put(
        new FileMeta(
            path,
            m.type(),
            m.size(),
            mode,
            m.uid(),
            m.gid(),
            m.mtimeSeconds(),
            m.mtimeNanos(),
            m.target()),
        old.content());
  }

  void remove(String path) {
    nodes.keySet().removeIf(p -> p.startsWith(path(path)));
  }

  private FileMeta meta(String path, FileType type, long size, @Nullable String target) {
    long n = version + 1;
    return new FileMeta(
        path(path),
        type,
        size,
        0600 + (int) (n % 7),
        (int) n,
        7,
        n * 31 - 60,
        (int) (n * 1_001),
        target);
  }

  /** A snapshot, which never changes. */
  UnitReader snapshot() {
    return new Reader(copy(), opened, true, path -> {});
  }

  /**
   * The tree as it is, while it changes.
   *
   * @param afterRead called after each read with the file's path
   */
  UnitReader live(Consumer<EntryPath> afterRead) {
    return new Reader(this, opened, false, afterRead);
  }

  private record Reader(
      Tree tree, Set<EntryPath> opened, boolean stable, Consumer<EntryPath> afterRead)
      implements UnitReader {

    @Override
    public Listing list(Notes notes) {
      tree.special.forEach(path -> notes.note("special", path, "fifo"));
      Iterator<Map.Entry<EntryPath, Node>> nodes = new TreeMap<>(tree.nodes).entrySet().iterator();
      return new Listing() {
        @Override
        public boolean hasNext() {
          return nodes.hasNext();
        }

        @Override
        public SourceFile next() {
          if (!nodes.hasNext()) {
            throw new NoSuchElementException();
          }
          return listed(nodes.next().getValue());
        }

        @Override
        public void close() {}
      };
    }

    private SourceFile listed(Node node) {
      return new SourceFile(node.meta(), node.identity(), !tree.weak.contains(node.meta().path()));
    }

    @Override
    public Optional<SourceFile> look(EntryPath path) {
      Node node = tree.nodes.get(path);
      return node == null || node.meta().type() == FileType.DIRECTORY
          ? Optional.empty()
          : Optional.of(listed(node));
    }

    @Override
    public Content open(EntryPath path) {
      synchronized (opened) {
        opened.add(path);
      }
      if (tree.unreadable.contains(path)) {
        throw PermanentFailure.of(Kind.FAILED, path.toString()).found("permission denied");
      }
      if (!tree.nodes.containsKey(path)) {
        throw new FileGone(path.toString());
      }
      return new Content() {
        @Override
        public int read(long offset, ByteBuffer into) {
          Node node = tree.nodes.get(path);
          if (node == null) {
            throw new FileGone(path.toString());
          }
          int n = (int) Math.max(0, Math.min(into.remaining(), node.content().length - offset));
          into.put(node.content(), (int) Math.min(offset, node.content().length), n);
          afterRead.accept(path);
          return n;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }
}
