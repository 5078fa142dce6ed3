package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that a person could see of a directory tree, read by nothing of the product. */
record TreeImage(SortedMap<String, Node> nodes) {
  private static final int TYPE = 0170000;
  private static final Path TOP = Path.of("/");

  /**
   * One name.
   *
   * @param type as the operating system has it in the mode
   * @param size of files; 0 for others
   * @param time of the last modification; a symbolic link's in microseconds, since JDK 17 sets no
   *     finer ones
   * @param content SHA-256 of a file, target of a symbolic link
   * @param linked all names of the same file, where they are several
   */
  record Node(
      int type,
      String mode,
      int uid,
      int gid,
      String time,
      long size,
      String content,
      List<String> linked) {}

  static TreeImage of(Path root) {
    var nodes = new TreeMap<String, Node>();
    Map<Object, List<String>> names = new TreeMap<>();
    try {
      walk(root, root, nodes, names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TreeImage(nodes);
  }

  TreeImage below(String name) {
    var some = new TreeMap<String, Node>();
    nodes.forEach(
        (path, node) -> {
          if (path.equals(name) || path.startsWith(name + "/")) {
            some.put(path, node);
          }
        });
    return new TreeImage(some);
  }

  long files() {
    return nodes.values().stream().filter(node -> node.type() == 0100000).count();
  }

  void mustEqual(TreeImage expected) {
    var differences = new ArrayList<String>();
    expected.nodes.forEach(
        (path, node) -> {
          Node found = nodes.get(path);
          if (!node.equals(found)) {
            differences.add("%s:%n  expected %s%n  found    %s".formatted(path, node, found));
          }
        });
    nodes.forEach(
        (path, node) -> {
          if (!expected.nodes.containsKey(path)) {
            differences.add("%s:%n  expected nothing%n  found    %s".formatted(path, node));
          }
        });
    assertThat(differences.stream().limit(20))
        .as("differences of %d", differences.size())
        .isEmpty();
    assertThat(expected.nodes).as("what was compared").isNotEmpty();
  }

  private static void walk(
      Path root, Path path, SortedMap<String, Node> nodes, Map<Object, List<String>> names)
      throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(
            path, "unix:mode,uid,gid,ino,nlink,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) one(attributes, "mode");
    int type = mode & TYPE;
    boolean file = type == 0100000;
    boolean link = type == 0120000;
    FileTime time = (FileTime) one(attributes, "lastModifiedTime");
    String name = raw(path).substring(raw(root).length());
    List<String> linked = List.of();
    if (file && (Integer) one(attributes, "nlink") > 1) {
      linked = names.computeIfAbsent(one(attributes, "ino"), inode -> new ArrayList<>());
      linked.add(name);
      linked.sort(null);
    }
    nodes.put(
        name,
        new Node(
            type,
            Integer.toOctalString(mode & ~TYPE),
            (Integer) one(attributes, "uid"),
            (Integer) one(attributes, "gid"),
            (link ? time.toInstant().truncatedTo(ChronoUnit.MICROS) : time.toInstant()).toString(),
            file ? (Long) one(attributes, "size") : 0,
            file ? digest(path) : link ? raw(Files.readSymbolicLink(path)) : "",
            linked));
    if (type == 0040000) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
        for (Path child : children) {
          walk(root, child, nodes, names);
        }
      }
    }
  }

  /**
   * The bytes of a path, percent-escaped: the JDK's text of it loses what the locale cannot say.
   */
  private static String raw(Path path) {
    String raw = TOP.resolve(path).toUri().getRawPath();
    String shown = path.isAbsolute() ? raw : raw.substring(1);
    return shown.endsWith("/") ? shown.substring(0, shown.length() - 1) : shown;
  }

  private static Object one(Map<String, Object> attributes, String name) {
    return Objects.requireNonNull(attributes.get(name), name);
  }

  static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] piece = new byte[1 << 16];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        sha256.update(piece, 0, n);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
