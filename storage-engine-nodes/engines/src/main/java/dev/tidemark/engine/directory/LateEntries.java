package dev.tidemark.engine.directory;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The folders and links of a staged tree, in a file beside it, until the commit makes them what
 * they are to be: so there is no link to walk into and no folder closed to us while files are
 * written, and a folder's time is set after all that is in it. A line each: type, mode, uid, gid,
 * mtime, path, target, separated by tabs. A line torn by a crash is dropped.
 */
final class LateEntries {
  private static final String NONE = "-";

  private final Path file;
  private final StringBuilder waiting = new StringBuilder();

  LateEntries(Path file) {
    this.file = file;
  }

  void add(FileMeta meta) {
    String target = meta.target();
    waiting
        .append(meta.type().name().charAt(0))
        .append('\t')
        .append(meta.mode())
        .append('\t')
        .append(meta.uid())
        .append('\t')
        .append(meta.gid())
        .append('\t')
        .append(meta.mtimeSeconds())
        .append('\t')
        .append(meta.mtimeNanos())
        .append('\t')
        .append(meta.path())
        .append('\t')
        .append(target == null ? NONE : "=" + target)
        .append('\n');
  }

  int waiting() {
    return waiting.length();
  }

  void save() throws IOException {
    if (waiting.length() == 0) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.US_ASCII.encode(waiting.toString());
      long at = end(channel);
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.truncate(at);
      channel.force(true);
    }
    waiting.setLength(0);
  }

  /**
   * Makes the links; those that a commit before made are left, since their folders may be closed.
   */
  void link(Path data, Attributes attributes) throws IOException {
    var folders = new Folders(data);
    try (var lines = new Lines(file)) {
      for (FileMeta meta = lines.next(); meta != null; meta = lines.next()) {
        if (meta.type() != FileType.DIRECTORY) {
          folders.ensure(meta.path().parent());
          link(data, folders, meta, attributes);
        }
      }
    }
  }

  private static void link(Path data, Folders folders, FileMeta meta, Attributes attributes)
      throws IOException {
    Path path = RawNames.below(data, meta.path());
    String target = Objects.requireNonNull(meta.target());
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(meta, "a folder of that name");
    }
    if (meta.type() == FileType.SYMLINK) {
      SymbolicLinks.ensure(path, EntryPath.unescape(target));
      attributes.apply(path, meta);
      return;
    }
    EntryPath first = EntryPath.parse(target);
    folders.ensure(first.parent());
    Path linked = RawNames.below(data, first);
    if (!Trees.exists(linked) || !Stat.of(linked).file()) {
      throw refused(meta, "no file " + first + " to be one with");
    }
    if (!Trees.exists(path) || Stat.of(path).inode() != Stat.of(linked).inode()) {
      Files.deleteIfExists(path);
      Files.createLink(path, linked);
    }
  }

  private static PermanentFailure refused(FileMeta meta, String found) {
    return PermanentFailure.of(Kind.INVALID, "entry " + meta.path())
        .expected("a place for a " + meta.type().word())
        .found(found)
        .hint("restore the entries that belong together");
  }

  /** Gives folders below the unit's own their attributes, the deepest first, and makes all safe. */
  void close(Path data, Attributes attributes) throws IOException {
    try (var lines = new Lines(file)) {
      long[] starts = lines.startsOfFolders();
      var closed = new ArrayList<Path>(List.of(data));
      for (int i = starts.length - 1; i >= 0; i--) {
        FileMeta meta = lines.at(starts[i]);
        if (!meta.path().isRoot()) {
          Path folder = RawNames.below(data, meta.path());
          attributes.apply(folder, meta);
          closed.add(folder);
        }
      }
      Durable.files(data, closed);
    }
  }

  /** Gives the unit's own folder its attributes, wherever it is now. */
  void closeTop(Path top, Attributes attributes) throws IOException {
    top(top, attributes, 0);
  }

  /** Likewise, but leaves it open to us, since other units are still to be put into it. */
  void openTop(Path top, Attributes attributes) throws IOException {
    top(top, attributes, 0700);
  }

  private void top(Path top, Attributes attributes, int open) throws IOException {
    try (var lines = new Lines(file)) {
      for (FileMeta meta = lines.next(); meta != null; meta = lines.next()) {
        if (meta.path().isRoot()) {
          attributes.apply(top, meta.withMode(meta.mode() | open));
          return;
        }
      }
    }
  }

  /** Where the last whole line ends. */
  private static long end(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    for (long end = channel.size(); end > 0; end--) {
      channel.read(one.clear(), end - 1);
      if (one.get(0) == '\n') {
        return end;
      }
    }
    return 0;
  }

  private static final class Lines implements AutoCloseable {
    private final Path file;
    private final InputStream in;

    Lines(Path file) throws IOException {
      this.file = file;
      this.in =
          Files.exists(file)
              ? new BufferedInputStream(Files.newInputStream(file), 1 << 16)
              : InputStream.nullInputStream();
    }

    @Nullable FileMeta next() throws IOException {
      var line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b == '\n') {
          return parse(line.toString(StandardCharsets.US_ASCII));
        }
        line.write(b);
      }
      return null;
    }

    long[] startsOfFolders() throws IOException {
      long[] starts = new long[64];
      int n = 0;
      long at = 0;
      long start = 0;
      boolean folder = false;
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (at == start) {
          folder = b == FileType.DIRECTORY.name().charAt(0);
        }
        at++;
        if (b == '\n') {
          if (folder) {
            starts = n == starts.length ? Arrays.copyOf(starts, n * 2) : starts;
            starts[n++] = start;
          }
          start = at;
        }
      }
      return Arrays.copyOf(starts, n);
    }

    FileMeta at(long start) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        var line = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(512);
        for (long at = start; channel.read(piece.clear(), at) > 0; at += piece.limit()) {
          piece.flip();
          for (int i = 0; i < piece.limit(); i++) {
            if (piece.get(i) == '\n') {
              return parse(line.toString(StandardCharsets.US_ASCII));
            }
            line.write(piece.get(i));
          }
        }
        throw new IOException("a line of " + file + " vanished");
      }
    }

    private static FileMeta parse(String line) {
      String[] words = line.split("\t", -1);
      FileType type =
          words[0].equals("D")
              ? FileType.DIRECTORY
              : words[0].equals("S") ? FileType.SYMLINK : FileType.HARDLINK;
      return new FileMeta(
          EntryPath.parse(words[6]),
          type,
          0,
          Integer.parseInt(words[1]),
          Integer.parseInt(words[2]),
          Integer.parseInt(words[3]),
          Long.parseLong(words[4]),
          Integer.parseInt(words[5]),
          words[7].equals(NONE) ? null : words[7].substring(1));
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
