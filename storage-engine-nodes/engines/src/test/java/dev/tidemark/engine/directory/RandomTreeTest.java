package dev.tidemark.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.engine.directory.DirectoryConfig.Root;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class RandomTreeTest {

  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void aTreeIsTheSameInEveryAttributeAfterItIsWrittenBack(@ForAll long seed) throws IOException {
    Path folder = Files.createTempDirectory("tidemark-tree").toRealPath();
    try {
      Path source = Files.createDirectory(folder.resolve("data"));
      new Grower(seed).grow(source);
      var config = new DirectoryConfig("files", List.of(Root.of("data", source)), null, null);
      var engine = new DirectoryEngine(config, folder.resolve("state"), InstantSource.system());
      var unit =
          new TargetUnit(
              "unit",
              new Shard("data", "", "", 0),
              "data",
              "",
              folder.resolve("to").toString(),
              true,
              false);
      Map<FileMeta, String> before = Disk.view(source);
      Disk.write(Disk.reader(source), engine.target(), unit);
      Disk.commit(engine.target(), unit);
      engine.target().finish(Disk.RUN);
      assertThat(Disk.view(folder.resolve("to/data"))).isEqualTo(before);
      assertThat(Disk.view(source)).as("reading changes nothing").isEqualTo(before);
      assertThat(before.keySet().stream().map(FileMeta::path)).isSorted();
    } finally {
      Trees.delete(folder);
    }
  }

  /** Makes trees of all that a file system of POSIX can hold, but special files. */
  private static final class Grower {
    private final SplittableRandom random;
    private final boolean root;
    private final List<Path> files = new ArrayList<>();

    Grower(long seed) throws IOException {
      this.random = new SplittableRandom(seed);
      this.root = Disk.root();
    }

    void grow(Path top) throws IOException {
      fill(top, 3);
      dress(top, 0700);
    }

    private void fill(Path directory, int depth) throws IOException {
      Set<String> names = new HashSet<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        byte[] name = name();
        if (!names.add(Arrays.toString(name))) {
          continue;
        }
        Path child = RawNames.child(directory, name);
        int kind = random.nextInt(10);
        if (kind < 3 && depth > 0) {
          Files.createDirectory(child);
          fill(child, depth - 1);
          dress(child, 0700);
        } else if (kind < 5) {
          link(child);
        } else if (kind == 5 && !files.isEmpty()) {
          Files.createLink(child, files.get(random.nextInt(files.size())));
        } else {
          content(child);
          dress(child, 0600);
          files.add(child);
        }
      }
    }

    private void link(Path child) throws IOException {
      EntryPath target = EntryPath.ROOT;
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        target = target.child(name());
      }
      Files.createSymbolicLink(child, RawNames.path(target.bytes()));
      Disk.touch(child, Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1000L));
      if (root) {
        Files.setAttribute(child, "unix:uid", random.nextInt(3), LinkOption.NOFOLLOW_LINKS);
      }
    }

    private void content(Path child) throws IOException {
      try (var channel =
          FileChannel.open(child, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (int i = random.nextInt(4); i > 0; i--) {
          byte[] bytes = new byte[random.nextInt(10_000)];
          random.nextBytes(bytes);
          channel.write(ByteBuffer.wrap(bytes), random.nextInt(50_000));
        }
      }
    }

    /** Without root, what nobody may read cannot be compared. */
    private void dress(Path path, int readable) throws IOException {
      if (root) {
        Files.setAttribute(path, "unix:uid", random.nextInt(3));
        Files.setAttribute(path, "unix:gid", random.nextInt(3));
      }
      Disk.touch(path, Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)));
      Files.setAttribute(path, "unix:mode", random.nextInt(010000) | (root ? 0 : readable));
    }

    private byte[] name() {
      byte[] name = new byte[1 + random.nextInt(6)];
      do {
        for (int i = 0; i < name.length; i++) {
          byte b =
              (byte)
                  (random.nextInt(4) == 0
                      ? 1 + random.nextInt(255)
                      : "ab-.".charAt(random.nextInt(4)));
          name[i] = b == '/' || b == 0 ? (byte) 'x' : b;
        }
      } while (dots(name));
      return name;
    }

    private static boolean dots(byte[] name) {
      return name.length <= 2 && name[0] == '.' && name[name.length - 1] == '.';
    }
  }
}
