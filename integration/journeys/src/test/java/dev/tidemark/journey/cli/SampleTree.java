package dev.tidemark.journey.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.SplittableRandom;

/** Makes directory trees with all that a file system allows, from a seed. */
final class SampleTree {
  private final Path root;
  private final SplittableRandom random;

  private SampleTree(Path root, long seed) {
    this.root = root;
    this.random = new SplittableRandom(seed);
  }

  static SampleTree in(Path root, long seed) {
    return new SampleTree(root, seed);
  }

  /** Some of everything: odd names, links, holes, modes, owners, times. */
  SampleTree everything() throws IOException {
    plain(40, 4_000);
    file("large.bin", (9 << 20) + 13);
    file("empty", 0);
    text("odd/ leading and trailing ", "spaces");
    text("odd/new\nline", "line");
    text("odd/100%41", "percent");
    text("odd/-rf", "dash");
    text("odd/back\\slash\"quote'", "quotes");
    raw("odd/%C3%A4%E2%82%AC", "UTF-8");
    raw("odd/%FF%FE%80latin", "not UTF-8");
    text("order/a-b", "before a/b in a walk, after it in bytes");
    text("order/a/b", "component-wise");
    text("order/a.b", "dot");
    directory("nothing in here/nor here");
    link("links/relative", "../large.bin");
    link("links/dangling", "no/such/file");
    link("links/absolute", "/no/such/place");
    link("links/folder", "../order");
    raw("links/%F0raw", "x");
    text("hard/first", "one file, three names");
    Files.createLink(root.resolve("hard/second"), root.resolve("hard/first"));
    Files.createLink(root.resolve("order/third"), root.resolve("hard/first"));
    holes("sparse", 64 << 20);
    mode("secret", "rw-------");
    mode("readonly", "r--r--r--");
    mode("program", "rwxr-xr-x");
    Files.setAttribute(root.resolve("program"), "unix:mode", 04755);
    directory("sticky");
    Files.setAttribute(root.resolve("sticky"), "unix:mode", 01777);
    directory("shared");
    Files.setAttribute(root.resolve("shared"), "unix:mode", 02750);
    if ("root".equals(System.getProperty("user.name"))) {
      text("owned", "by somebody else");
      Files.setAttribute(root.resolve("owned"), "unix:uid", 12_345);
      Files.setAttribute(root.resolve("owned"), "unix:gid", 54_321);
    }
    return aged();
  }

  /** Small files in some folders. */
  SampleTree plain(int files, int mostBytes) throws IOException {
    for (int i = 0; i < files; i++) {
      file("plain/%02d/file-%05d".formatted(i % 17, i), 1 + random.nextInt(mostBytes));
    }
    return this;
  }

  /** A file of random bytes. */
  SampleTree file(String name, long bytes) throws IOException {
    Path path = place(name);
    byte[] piece = new byte[(int) Math.min(bytes, 1 << 16)];
    try (OutputStream out = Files.newOutputStream(path)) {
      for (long left = bytes; left > 0; left -= piece.length) {
        random.nextBytes(piece);
        out.write(piece, 0, (int) Math.min(left, piece.length));
      }
    }
    return this;
  }

  SampleTree text(String name, String content) throws IOException {
    Files.writeString(place(name), content);
    return this;
  }

  SampleTree directory(String name) throws IOException {
    Files.createDirectories(root.resolve(name));
    return this;
  }

  /** A special file, which no backup holds. */
  SampleTree socket(String name) throws IOException {
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(place(name)));
    }
    return this;
  }

  /** Overwrites some bytes in the middle of a file. */
  SampleTree edit(String name, long offset, int bytes) throws IOException {
    byte[] piece = new byte[bytes];
    random.nextBytes(piece);
    try (FileChannel channel = FileChannel.open(root.resolve(name), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(piece), offset);
    }
    return this;
  }

  /** Times of the past, to the nanosecond, on everything. */
  SampleTree aged() throws IOException {
    try (var all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all.sorted((a, b) -> b.compareTo(a))::iterator) {
        Instant time =
            Instant.ofEpochSecond(
                1_500_000_000L + random.nextInt(200_000_000), random.nextInt(1_000_000_000));
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .setTimes(FileTime.from(time), null, null);
      }
    }
    return this;
  }

  private void raw(String escaped, String content) throws IOException {
    Path path = Path.of(URI.create("file://" + root.toUri().getRawPath() + escaped));
    Files.createDirectories(path.getParent());
    Files.write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(place(name), Path.of(target));
  }

  private void mode(String name, String mode) throws IOException {
    text(name, mode);
    Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString(mode));
  }

  private void holes(String name, long size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            place(name),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap("an island".getBytes(StandardCharsets.US_ASCII)), size / 2);
      channel.write(ByteBuffer.wrap(new byte[] {1}), size - 1);
    }
  }

  private Path place(String name) throws IOException {
    Path path = root.resolve(name);
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return path;
  }
}
