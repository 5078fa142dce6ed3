package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.Notes;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What tests do with real directories. */
final class Disk {
  static final RunToken RUN = new RunToken("d", "aaaaaaaaaaaa");
  private static final int PIECE = 4096;

  private Disk() {}

  static boolean root() throws IOException {
    return Objects.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), 0);
  }

  static Path file(Path path, String content) throws IOException {
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    return Files.write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  static void touch(Path path, Instant time) throws IOException {
    Objects.requireNonNull(
            Files.getFileAttributeView(
                path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS))
        .setTimes(FileTime.from(time), null, null);
  }

  static UnitReader reader(Path top) {
    return reader(top, Patterns.ALL);
  }

  static UnitReader reader(Path top, Patterns patterns) {
    return new DirectoryReader(
        top, new byte[0], patterns, TreeListing.Depth.ALL, InstantSource.system());
  }

  static List<SourceFile> list(UnitReader reader, Notes notes) {
    var files = new ArrayList<SourceFile>();
    try (var listing = reader.list(notes)) {
      listing.forEachRemaining(files::add);
    }
    return files;
  }

  static List<String> paths(UnitReader reader) {
    return list(reader, (kind, path, detail) -> {}).stream()
        .map(file -> file.meta().path().toString())
        .toList();
  }

  /** All entries with all attributes, and the SHA-256 of what files hold; empty for no folder. */
  static Map<FileMeta, String> view(Path top) {
    return Files.isDirectory(top) ? view(reader(top)) : Map.of();
  }

  static Map<FileMeta, String> view(UnitReader reader) {
    var view = new LinkedHashMap<FileMeta, String>();
    for (SourceFile file : list(reader, (kind, path, detail) -> {})) {
      boolean regular = file.meta().type() == FileType.FILE;
      view.put(file.meta(), regular ? sha256(content(reader, file.meta())) : "");
    }
    return view;
  }

  static byte[] content(UnitReader reader, FileMeta meta) {
    ByteBuffer bytes = ByteBuffer.allocate((int) meta.size());
    try (var content = reader.open(meta.path())) {
      content.read(0, bytes);
    }
    return bytes.array();
  }

  /** Writes a tree to a target as a restore does, without commit; runs of zeros are left out. */
  static void write(UnitReader reader, Target target, TargetUnit unit) {
    try (UnitWriter writer = target.begin(RUN, unit)) {
      for (SourceFile file : list(reader, (kind, path, detail) -> {})) {
        if (file.meta().type() == FileType.FILE) {
          byte[] bytes = content(reader, file.meta());
          for (int at = 0; at < bytes.length; at += PIECE) {
            int length = Math.min(PIECE, bytes.length - at);
            if (!zero(bytes, at, length)) {
              writer.write(file.meta().path(), at, ByteBuffer.wrap(bytes, at, length));
            }
          }
        }
        writer.end(file.meta());
      }
      writer.sync();
    }
  }

  /** Commits what was written. */
  static void commit(Target target, TargetUnit unit) {
    String place;
    try (UnitWriter writer = target.begin(RUN, unit)) {
      place = writer.place();
    }
    target.commit(RUN, unit, place);
  }

  private static boolean zero(byte[] bytes, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
