package dev.tidemark.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.FileGone;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeListingTest {
  @TempDir Path top = Path.of("/");
  private final List<String> noted = new ArrayList<>();

  private List<SourceFile> list() {
    noted.clear();
    return Disk.list(
        Disk.reader(top), (kind, path, detail) -> noted.add(kind + " " + path + " " + detail));
  }

  private SourceFile one(String path) {
    return list().stream()
        .filter(file -> file.meta().path().toString().equals(path))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDirectoryComesBeforeItsContentAndThatBeforeItsSiblings() throws IOException {
    for (String path : List.of("a/b", "a/c/d", "a-b", "a.b", "a0", "B")) {
      Disk.file(top.resolve(path), "");
    }
    Files.write(RawNames.child(top, "é".getBytes(StandardCharsets.UTF_8)), new byte[0]);
    assertThat(Disk.paths(Disk.reader(top)))
        .containsExactly("", "B", "a", "a/b", "a/c", "a/c/d", "a-b", "a.b", "a0", "%C3%A9");
  }

  @Test
  void namesAreBytesAndNoText() throws IOException {
    byte[] latin = {'f', (byte) 0xFC, 'r'};
    byte[] broken = {(byte) 0xFF, (byte) 0xFE, '\n', ' ', '%'};
    Files.createDirectory(RawNames.child(top, latin));
    Files.write(RawNames.below(top, EntryPath.of(latin).child(broken)), new byte[] {1, 2, 3});
    Files.createSymbolicLink(RawNames.child(top, broken), RawNames.path(broken));
    assertThat(Disk.paths(Disk.reader(top)))
        .containsExactly("", "f%FCr", "f%FCr/%FF%FE%0A %25", "%FF%FE%0A %25");
    assertThat(one("%FF%FE%0A %25").meta().target()).isEqualTo("%FF%FE%0A %25");
    SourceFile file = one("f%FCr/%FF%FE%0A %25");
    assertThat(Disk.content(Disk.reader(top), file.meta())).containsExactly(1, 2, 3);
  }

  @Test
  void linksAreEntriesAndNotFollowed() throws IOException {
    Disk.file(top.resolve("real/file"), "x");
    Files.createSymbolicLink(top.resolve("to-folder"), Path.of("real"));
    Files.createSymbolicLink(top.resolve("loop"), Path.of("."));
    Files.createSymbolicLink(top.resolve("up"), Path.of("/etc/../etc/"));
    assertThat(Disk.paths(Disk.reader(top)))
        .containsExactly("", "loop", "real", "real/file", "to-folder", "up");
    assertThat(one("loop").meta().target()).isEqualTo(".");
    assertThat(one("to-folder").meta().target()).isEqualTo("real");
    assertThatExceptionOfType(FileGone.class)
        .isThrownBy(() -> Disk.reader(top).open(EntryPath.parse("to-folder")));
  }

  @Test
  void theFirstOfSeveralHardLinksIsTheFile() throws IOException {
    Disk.file(top.resolve("b/file"), "x");
    Files.createLink(top.resolve("a"), top.resolve("b/file"));
    Files.createLink(top.resolve("c"), top.resolve("b/file"));
    assertThat(one("a").meta().type()).isEqualTo(FileType.FILE);
    for (String later : List.of("b/file", "c")) {
      assertThat(one(later).meta().type()).isEqualTo(FileType.HARDLINK);
      assertThat(one(later).meta().target()).isEqualTo("a");
      assertThat(one(later).meta().size()).isZero();
    }
  }

  @Test
  void specialFilesAreNotedAndLeftOut() throws Exception {
    Disk.file(top.resolve("file"), "x");
    try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(top.resolve("socket")));
      assertThat(list()).hasSize(2);
      assertThat(noted).containsExactly("special socket socket");
    }
    Files.deleteIfExists(top.resolve("socket"));
    if (Files.isExecutable(Path.of("/usr/bin/mkfifo"))) {
      Disk.run("mkfifo", top.resolve("fifo").toString());
      assertThat(list()).hasSize(2);
      assertThat(noted).containsExactly("special fifo fifo");
      assertThatExceptionOfType(FileGone.class)
          .as("opening it would wait for ever")
          .isThrownBy(() -> Disk.reader(top).open(EntryPath.parse("fifo")));
    }
  }

  @Test
  void whatCannotBeReadIsNoted() throws IOException {
    assumeThat(Disk.root()).as("root may read everything").isFalse();
    Disk.file(top.resolve("closed/inside"), "x");
    Disk.file(top.resolve("secret"), "x");
    Files.setPosixFilePermissions(
        top.resolve("closed"), PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(
        top.resolve("secret"), PosixFilePermissions.fromString("---------"));
    assertThat(list()).hasSize(2);
    assertThat(noted)
        .containsExactly(
            "unreadable closed permission denied", "unreadable secret permission denied");
    Files.setPosixFilePermissions(
        top.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void whatVanishesWhileItIsListedIsNoted() throws IOException {
    Disk.file(top.resolve("a"), "x");
    Disk.file(top.resolve("b/inside"), "x");
    Disk.file(top.resolve("c"), "x");
    var seen = new ArrayList<String>();
    try (var listing =
        Disk.reader(top).list((kind, path, detail) -> noted.add(kind + " " + path))) {
      while (listing.hasNext()) {
        seen.add(listing.next().meta().path().toString());
        Files.deleteIfExists(top.resolve("c"));
        Trees.delete(top.resolve("b"));
      }
    }
    assertThat(seen).containsExactly("", "a");
    assertThat(noted).containsExactly("vanished b", "vanished c");
  }

  @Test
  void aFolderThatBecomesALinkIsNotEntered() throws IOException {
    Disk.file(top.resolve("inside/b/mine"), "x");
    Disk.file(top.resolve("outside/secret"), "x");
    var seen = new ArrayList<String>();
    try (var listing =
        Disk.reader(top.resolve("inside"))
            .list((kind, path, detail) -> noted.add(kind + " " + path))) {
      seen.add(listing.next().meta().path().toString());
      Trees.delete(top.resolve("inside/b"));
      Files.createSymbolicLink(top.resolve("inside/b"), top.resolve("outside"));
      listing.forEachRemaining(file -> seen.add(file.meta().path().toString()));
    }
    assertThat(seen).containsExactly("", "b");
  }

  @Test
  void aRootThatIsNotThereIsAFailureAndNoEmptyTree() {
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> Disk.paths(Disk.reader(top.resolve("unmounted"))));
  }

  @Test
  void anIdentityIsStrongOnlyIfBothTimesAreOld() throws IOException {
    Disk.file(top.resolve("old-mtime"), "x");
    Disk.touch(top.resolve("old-mtime"), Instant.parse("2001-01-01T00:00:00Z"));
    assertThat(one("old-mtime").strong()).as("its ctime is young").isFalse();
    InstantSource later = () -> Instant.now().plusSeconds(3);
    var reader = new DirectoryReader(top, new byte[0], Patterns.ALL, TreeListing.Depth.ALL, later);
    assertThat(Disk.list(reader, (kind, path, detail) -> {})).allMatch(SourceFile::strong);
    Disk.touch(top.resolve("old-mtime"), Instant.now().plusSeconds(100));
    assertThat(reader.look(EntryPath.parse("old-mtime")).orElseThrow().strong())
        .as("its mtime is in the future")
        .isFalse();
  }

  @Test
  void everyChangeChangesTheIdentity() throws IOException {
    Path file = Disk.file(top.resolve("f"), "one");
    var seen = new ArrayList<String>();
    seen.add(one("f").identity());
    Instant mtime = Stat.of(file).mtime();
    awaitTick(file);
    Disk.file(file, "two");
    Disk.touch(file, mtime);
    seen.add(one("f").identity());
    awaitTick(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    seen.add(one("f").identity());
    Path other = Disk.file(top.resolve("g"), "two");
    Disk.touch(other, mtime);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    seen.add(one("f").identity());
    assertThat(seen).doesNotHaveDuplicates().hasSize(4);
  }

  /**
   * Waits until a change of a file gets another time than its last one: before Linux 6.13 the clock
   * of a file system goes by steps of some milliseconds. That is why no young identity is strong.
   */
  private void awaitTick(Path file) throws IOException {
    Path clock = Disk.file(top.resolve("clock"), "");
    while (!Stat.of(clock).ctime().isAfter(Stat.of(file).ctime())) {
      Disk.touch(clock, Instant.EPOCH);
    }
  }

  @Test
  void aFileThatChangesWhileItIsReadIsToldByALook() throws IOException {
    Path file = Disk.file(top.resolve("f"), "0123456789");
    UnitReader reader = Disk.reader(top);
    EntryPath path = EntryPath.parse("f");
    String before = reader.look(path).orElseThrow().identity();
    try (var content = reader.open(path)) {
      assertThat(content.read(0, ByteBuffer.allocate(5))).isEqualTo(5);
      Files.writeString(file, "more and more", StandardOpenOption.APPEND);
      assertThat(content.read(5, ByteBuffer.allocate(100))).isEqualTo(18);
      assertThat(reader.look(path).orElseThrow().identity()).isNotEqualTo(before);
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(3);
      }
      assertThat(content.read(5, ByteBuffer.allocate(100))).isZero();
    }
    Files.delete(file);
    assertThat(reader.look(path)).isEmpty();
    assertThatExceptionOfType(FileGone.class).isThrownBy(() -> reader.open(path));
    Files.createDirectory(file);
    assertThat(reader.look(path)).isEmpty();
    assertThat(reader.look(EntryPath.parse("f/below/it"))).isEmpty();
  }

  @Test
  void namesAreBytesInTheCLocaleToo() throws Exception {
    byte[] latin = {'f', (byte) 0xFC, 'r'};
    Files.write(RawNames.child(top, latin), new byte[1]);
    Files.createSymbolicLink(top.resolve("link"), RawNames.path(latin));
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Lister.class.getName(),
            top.toString());
    builder.environment().put("LC_ALL", "C");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor()).isZero();
    assertThat(printed.lines()).containsExactly(" null", "f%FCr null", "link f%FCr");
  }

  /** Lists a tree in a JVM of its own. */
  static final class Lister {
    private Lister() {}

    public static void main(String[] args) {
      for (SourceFile file : Disk.list(Disk.reader(Path.of(args[0])), (kind, path, detail) -> {})) {
        System.out.println(file.meta().path() + " " + file.meta().target());
      }
    }
  }
}
