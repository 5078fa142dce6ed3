package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a staging folder. Files are written and get their attributes at once, small ones by
 * several threads and of the others one at a time; folders and links wait for the commit. How far
 * unfinished files are safe is in the file {@code progress}, of which nothing is believed but what
 * a sync has written.
 */
final class StagedWriter implements UnitWriter, SmallFiles.Maker {
  private static final int HOLE_BYTES = 64 << 10;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(HOLE_BYTES).asReadOnlyBuffer();
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final FileAttribute<?> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** What waits for a sync at most; then one is made unasked. */
  private static final int MOST_UNSAFE_FILES = 10_000;

  private static final int MOST_LATE_CHARS = 1 << 22;

  private final Staging staging;
  private final String name;
  private final Folders folders;
  private final LateEntries late;
  private final Attributes attributes;
  private final Map<EntryPath, Long> safe = new HashMap<>();
  private final Map<EntryPath, Long> unfinished = new HashMap<>();
  private final Set<EntryPath> opened = new HashSet<>();
  private final List<Path> unsafe = new ArrayList<>();
  private final SmallFiles small = new SmallFiles(this);
  private final byte[] whole = new byte[SmallFiles.MOST_BYTES];
  private int held;
  private @Nullable EntryPath beginning;
  private @Nullable EntryPath ensured;
  private @Nullable EntryPath current;
  private @Nullable FileChannel channel;

  StagedWriter(Staging staging) throws IOException {
    this.staging = staging;
    this.name = staging.name();
    this.folders = new Folders(staging.data());
    this.late = new LateEntries(staging.late());
    this.attributes = new Attributes(Stat.of(staging.data()));
    if (Files.exists(staging.progress())) {
      for (String line : Files.readAllLines(staging.progress(), StandardCharsets.US_ASCII)) {
        int tab = line.indexOf('\t');
        safe.put(EntryPath.parse(line.substring(tab + 1)), Long.parseLong(line.substring(0, tab)));
      }
    }
    unfinished.putAll(safe);
  }

  @Override
  public String place() {
    return name;
  }

  @Override
  public long written(EntryPath path) {
    return safe.getOrDefault(path, 0L);
  }

  @Override
  public void write(EntryPath path, long offset, ByteBuffer bytes) {
    int length = bytes.remaining();
    try {
      if (isSmallSoFar(path, offset, length)) {
        beginning = path;
        bytes.get(whole, held, length);
        held += length;
        return;
      }
      FileChannel file = open(path);
      writeAround(file, offset, bytes);
      unfinished.merge(path, offset + length, Math::max);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** Whether all that a new file has is, with these bytes, still little enough to be held. */
  private boolean isSmallSoFar(EntryPath path, long offset, int length) {
    boolean follows = Objects.equals(path, beginning) || (beginning == null && isNew(path));
    return follows && offset == held && offset + length <= SmallFiles.MOST_BYTES;
  }

  private boolean isNew(EntryPath path) {
    return !Objects.equals(path, current)
        && !opened.contains(path)
        && !unfinished.containsKey(path);
  }

  /** Leaves out zeros: the backup knows holes of whole chunks only, the source may have smaller. */
  private static void writeAround(FileChannel file, long offset, ByteBuffer bytes)
      throws IOException {
    long shift = offset - bytes.position();
    int end = bytes.limit();
    while (bytes.hasRemaining()) {
      int until = bytes.position();
      while (until < end && !isHole(bytes, until, end)) {
        until = Math.min(end, until + HOLE_BYTES);
      }
      bytes.limit(until);
      while (bytes.hasRemaining()) {
        file.write(bytes, shift + bytes.position());
      }
      bytes.limit(end);
      while (bytes.hasRemaining() && isHole(bytes, bytes.position(), end)) {
        bytes.position(Math.min(end, bytes.position() + HOLE_BYTES));
      }
    }
  }

  private static boolean isHole(ByteBuffer bytes, int from, int end) {
    int length = Math.min(HOLE_BYTES, end - from);
    return bytes.slice(from, length).mismatch(ZEROS.slice(0, length)) < 0;
  }

  @Override
  public void end(FileMeta meta) {
    try {
      switch (meta.type()) {
        case FILE -> endFile(meta);
        case DIRECTORY -> {
          ensureFolder(meta.path());
          late.add(meta);
        }
        case SYMLINK, HARDLINK -> {
          requireNamed(meta.path());
          ensureFolder(meta.path().parent());
          late.add(meta);
        }
      }
      if (unsafe.size() >= MOST_UNSAFE_FILES || late.waiting() >= MOST_LATE_CHARS) {
        save();
      }
    } catch (IOException e) {
      throw failure(meta.path(), e);
    }
  }

  private void endFile(FileMeta meta) throws IOException {
    EntryPath path = meta.path();
    boolean isWhole = Objects.equals(path, beginning) || (beginning == null && isNew(path));
    if (isWhole && (meta.mode() & 0400) != 0) {
      endSmall(meta);
      return;
    }
    FileChannel file = open(path);
    size(file, meta.size());
    if ((meta.mode() & 0400) == 0) {
      file.force(true); // later we might not be allowed to open it
    }
    shut();
    Path place = RawNames.below(staging.data(), path);
    attributes.apply(place, meta);
    unfinished.remove(path);
    opened.remove(path);
    if ((meta.mode() & 0400) != 0) {
      unsafe.add(place);
    }
  }

  private void endSmall(FileMeta meta) throws IOException {
    Path file = place(meta.path());
    small.add(file, ByteBuffer.wrap(Arrays.copyOf(whole, held)), meta);
    unsafe.add(file);
    beginning = null;
    held = 0;
  }

  @Override
  public void make(Path path, ByteBuffer content, FileMeta meta) throws IOException {
    Files.deleteIfExists(path);
    try (FileChannel file = FileChannel.open(path, NEW, OURS)) {
      writeAround(file, 0, content);
      size(file, meta.size());
    }
    attributes.apply(path, meta);
  }

  private static void size(FileChannel file, long size) throws IOException {
    long now = file.size();
    if (now < size) {
      // The JDK cannot lengthen a file without writing; what is written is cut off again.
      file.write(ByteBuffer.allocate(1), size);
    }
    if (now != size) {
      file.truncate(size);
    }
  }

  /** Where a file goes; its folder is there. */
  private Path place(EntryPath path) throws IOException {
    requireNamed(path);
    ensureFolder(path.parent());
    if (small.holds(path)) {
      small.await();
    }
    return RawNames.below(staging.data(), path);
  }

  private void ensureFolder(EntryPath folder) throws IOException {
    if (Objects.equals(folder, ensured)) {
      return;
    }
    if (small.holdsOnTheWayTo(folder)) {
      small.await();
    }
    folders.ensure(folder);
    ensured = folder;
  }

  /** The file, empty or with what is safe of it, and what is held of it. */
  private FileChannel open(EntryPath path) throws IOException {
    if (channel != null && current != null && current.equals(path)) {
      return channel;
    }
    shut();
    Path file = place(path);
    FileChannel next;
    if (opened.contains(path) || (unfinished.getOrDefault(path, 0L) > 0 && Trees.exists(file))) {
      next = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      if (opened.add(path)) {
        next.truncate(written(path));
      }
    } else {
      Files.deleteIfExists(file);
      next = FileChannel.open(file, NEW, OURS);
      opened.add(path);
      unfinished.put(path, 0L);
    }
    current = path;
    channel = next;
    writeHeld(path, next);
    return next;
  }

  private void writeHeld(EntryPath path, FileChannel file) throws IOException {
    if (Objects.equals(path, beginning)) {
      writeAround(file, 0, ByteBuffer.wrap(whole, 0, held));
      unfinished.merge(path, (long) held, Math::max);
      beginning = null;
      held = 0;
    }
  }

  private void shut() throws IOException {
    if (channel != null) {
      channel.close();
    }
    channel = null;
    current = null;
  }

  @Override
  public void sync() {
    try {
      save();
    } catch (IOException e) {
      throw failure(EntryPath.ROOT, e);
    }
  }

  private void save() throws IOException {
    EntryPath waiting = beginning;
    if (waiting != null) {
      open(waiting);
    }
    small.await();
    var files = new ArrayList<Path>(unsafe);
    for (EntryPath path : opened) {
      files.add(RawNames.below(staging.data(), path));
    }
    Durable.files(staging.folder(), files);
    unsafe.clear();
    late.save();
    if (!unfinished.equals(safe)) {
      var text = new StringBuilder();
      unfinished.forEach(
          (path, length) -> text.append(length).append('\t').append(path).append('\n'));
      staging.write(staging.progress(), text.toString());
      safe.clear();
      safe.putAll(unfinished);
    }
  }

  @Override
  public void close() {
    small.close();
    try {
      shut();
    } catch (IOException e) {
      throw failure(EntryPath.ROOT, e);
    }
  }

  private static void requireNamed(EntryPath path) {
    if (path.isRoot()) {
      throw PermanentFailure.of(Kind.INVALID, "the unit's own entry")
          .expected("a folder")
          .found("a file or a link");
    }
  }

  @Override
  public RuntimeException failure(EntryPath path, IOException e) {
    if (e instanceof DirectoryNotEmptyException) {
      return PermanentFailure.of(Kind.INVALID, "entry " + path)
          .expected("a place for a file")
          .found("a folder with entries in it")
          .cause(e);
    }
    return new TransientFailure(
        "writing " + path + " in " + staging.folder() + ": " + Faults.why(e), e);
  }
}
