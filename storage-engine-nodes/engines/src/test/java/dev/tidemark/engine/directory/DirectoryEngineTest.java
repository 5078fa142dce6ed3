package dev.tidemark.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.contract.FileEngineContract;
import dev.tidemark.contract.StorageEngineEnvironment;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.ShardsDropped;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.engine.directory.DirectoryConfig.Hook;
import dev.tidemark.engine.directory.DirectoryConfig.Root;
import dev.tidemark.engine.directory.DirectoryConfig.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryEngineTest {
  private static final Hook NOTHING = new Hook(List.of("true"), Duration.ofSeconds(10));

  @TempDir Path folder = Path.of("/");
  private Place place = new Place(Path.of("/"), Split.NONE, null);

  @Nested
  class Whole implements FileEngineContract {
    @BeforeEach
    void make() throws IOException {
      place = new Place(folder, Split.NONE, null);
      place.fill("books");
      place.fill("films");
    }

    @Override
    public StorageEngineEnvironment environment() {
      return place;
    }
  }

  @Nested
  class Children implements FileEngineContract {
    @BeforeEach
    void make() throws IOException {
      place = new Place(folder, Split.CHILDREN, null);
      place.fill("books");
      place.fill("films");
    }

    @Override
    public StorageEngineEnvironment environment() {
      return place;
    }
  }

  @Nested
  class Hooked implements FileEngineContract {
    @BeforeEach
    void make() throws IOException {
      place = new Place(folder, Split.NONE, NOTHING);
      place.fill("books");
      place.fill("films");
    }

    @Override
    public StorageEngineEnvironment environment() {
      return place;
    }
  }

  @Test
  void aFolderOfADividedRootThatIsRemovedIsDroppedAndTheRootItselfIsNot() throws IOException {
    place = new Place(folder, Split.CHILDREN, null);
    place.fill("books");
    place.fill("films");
    var run = new RunToken("d", "aaaaaaaaaaaa");
    var shard = new Shard("books", "dir", "books", 0);
    Source source = place.open().source();
    String name = source.snapshot(run, "u", List.of(shard)).name();
    Path books = folder.resolve("user/books");
    Files.move(books.resolve("dir"), folder.resolve("elsewhere"));
    assertThatExceptionOfType(SnapshotGone.class)
        .isThrownBy(() -> source.open(run, "u", List.of(shard), name));
    assertThatExceptionOfType(ShardsDropped.class)
        .isThrownBy(() -> source.snapshot(run, "u", List.of(shard)))
        .withMessageContaining("books/dir");
    Files.move(books, folder.resolve("unmounted"));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> source.snapshot(run, "u", List.of(shard)))
        .withMessageContaining("mount it");
  }

  @Test
  void aFolderThatCannotBeLookedAtIsNotDropped() throws IOException {
    place = new Place(folder, Split.CHILDREN, null);
    place.fill("books");
    place.fill("films");
    var run = new RunToken("d", "aaaaaaaaaaaa");
    // As a damaged disk or a stale mount refuses: no file system of Linux has such long names.
    var shard = new Shard("books", "x".repeat(300), "books", 0);
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> place.open().source().snapshot(run, "u", List.of(shard)))
        .withMessageContaining("too long");
  }

  /** Below a volume there is a folder too, on which it is mounted. */
  @Test
  void aRootThatIsNotMountedHasAnotherFingerprint() throws IOException {
    place = new Place(folder, Split.CHILDREN, null);
    place.fill("books");
    place.fill("films");
    String mounted = place.open().catalog().fingerprint();
    assertThat(place.open().catalog().describe().fingerprint()).isEqualTo(mounted);
    Files.createDirectory(folder.resolve("below"));
    Files.move(folder.resolve("user/books"), folder.resolve("volume"));
    Files.move(folder.resolve("below"), folder.resolve("user/books"));
    assertThat(place.open().catalog().fingerprint()).isNotEqualTo(mounted);
  }

  private static final class Place implements StorageEngineEnvironment {
    private final Path folder;
    private final DirectoryConfig config;
    private Duration passed = Duration.ZERO;

    Place(Path folder, Split split, @Nullable Hook hook) {
      this.folder = folder;
      this.config =
          new DirectoryConfig(
              "files", List.of(root("books", split), root("films", split)), hook, hook);
    }

    private Root root(String name, Split split) {
      return new Root(name, folder.resolve("user/" + name), split, List.of(), List.of());
    }

    void fill(String name) throws IOException {
      Path top = folder.resolve("user").resolve(name);
      byte[] large = new byte[123_457];
      new SplittableRandom(1).nextBytes(large);
      Disk.file(top.resolve("dir/deep/text"), "hello");
      Files.createLink(top.resolve("dir/deep/twin"), top.resolve("dir/deep/text"));
      Files.write(top.resolve("large"), large);
      Disk.file(top.resolve("empty"), "");
      Disk.file(top.resolve("some"), "some");
      Files.createSymbolicLink(top.resolve("link"), Path.of("no/where"));
      Disk.touch(top.resolve("link"), Instant.ofEpochSecond(1_700_000_000));
      Disk.file(top.resolve(".tidemark-contract-cccccccccccc-0123/data/mine"), "the user's");
    }

    @Override
    public StorageEngine open() {
      InstantSource clock = Clock.offset(Clock.systemUTC(), passed);
      return new DirectoryEngine(config, folder.resolve("state"), clock);
    }

    @Override
    public void change() {
      try {
        Disk.file(folder.resolve("user/books/large"), "shorter");
        Disk.file(folder.resolve("user/books/added"), "new");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The new root is made while the old one is there, so that it cannot get its inode. */
    @Override
    public void recreate() {
      try {
        Path old = folder.resolve("user/books");
        Files.createDirectories(folder.resolve("user/anew"));
        Files.move(old, folder.resolve("lost"));
        Files.move(folder.resolve("user/anew"), old);
        fill("books");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Object belongings() {
      return Disk.view(folder.resolve("user"));
    }

    @Override
    public void loseBegun() {
      try (var all = Files.walk(folder)) {
        for (Path each :
            all.filter(path -> String.valueOf(path.getFileName()).startsWith(".tidemark-contract-"))
                .filter(path -> !path.startsWith(folder.resolve("user")))
                .toList()) {
          Trees.delete(each);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String place() {
      return folder.resolve("restored").toString();
    }

    @Override
    public Map<?, String> content(Shard shard, UnitReader snapshot) {
      return FileEngineContract.entries(snapshot);
    }

    @Override
    public Map<FileMeta, String> at(TargetUnit target) {
      Path top = Path.of(target.place()).resolve(target.collection());
      return Disk.view(Units.directory(top, target.shard()));
    }

    @Override
    public void pass(Duration time) {
      passed = passed.plus(time);
    }
  }
}
