package dev.tidemark.store.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.blob.BlobStoreContract;
import dev.tidemark.contract.blob.BlobStoreEnvironment;
import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Deletion.Outcome;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemBlobStoreTest implements BlobStoreContract {
  private final Path folder;

  FilesystemBlobStoreTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  public BlobStoreEnvironment environment() {
    return new BlobStoreEnvironment() {
      @Override
      public BlobStore open() {
        return store(folder, InstantSource.system());
      }

      @Override
      public BlobStore missing() {
        return store(folder.resolve("not/mounted"), InstantSource.system());
      }
    };
  }

  @Test
  void nothingButObjectsStaysBehind() throws IOException {
    BlobStore store = open();
    put(store, "a/b/key", 100);
    put(store, "a/b/key", 200);
    store.copy("a/b/key", "copy");

    assertThat(files(folder)).containsExactly("a/b/key", "copy");
    assertThat(Files.getAttribute(folder.resolve("copy"), "unix:nlink")).isEqualTo(1);
    assertThat(folder.resolve(".tmp")).isEmptyDirectory();
  }

  @Test
  void leftoversOfDeadProcessesGoAfterADay() throws IOException {
    put(open(), "a", 1);
    Path old = Files.writeString(folder.resolve(".tmp/old"), "half");
    Path young = Files.writeString(folder.resolve(".tmp/young"), "half");
    Instant now = Instant.now();
    Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofHours(25))));
    Files.setLastModifiedTime(young, FileTime.from(now.minus(Duration.ofHours(23))));

    BlobStore store = open();
    assertThat(store.list("", null, 10)).extracting(BlobInfo::key).containsExactly("a");
    put(store, "b", 1);

    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void aLongLivedClientCleansAgainLater() throws IOException {
    Instant[] now = {Instant.now()};
    BlobStore store = store(folder, () -> now[0]);
    put(store, "a", 1);
    Path leftover = Files.writeString(folder.resolve(".tmp/leftover"), "half");

    now[0] = now[0].plus(Duration.ofHours(25));
    put(store, "b", 1);

    assertThat(leftover).doesNotExist();
  }

  @Test
  void aRootThatVanishesFailsClearlyAndIsNotMadeAgain() throws IOException {
    Path root = Files.createDirectory(folder.resolve("disk"));
    BlobStore store = store(root, InstantSource.system());
    put(store, "a/key", 10);
    Files.move(root, folder.resolve("elsewhere"));

    for (ThrowingCallable call : everyVerb(store)) {
      assertThatThrownBy(call)
          .isInstanceOf(TransientFailure.class)
          .hasMessageContaining(root.toString())
          .hasMessageContaining("Hint:")
          .hasMessageContaining("mount");
    }
    assertThat(root).doesNotExist();

    Files.move(folder.resolve("elsewhere"), root);
    assertThat(store.head("a/key")).isPresent();
  }

  @Test
  void anEmptyMountPointDoesNotPassForTheVaultThatWasThere() throws IOException {
    Path root = Files.createDirectory(folder.resolve("disk"));
    BlobStore store = store(root, InstantSource.system());
    put(store, "a/key", 10);
    Files.move(root, folder.resolve("elsewhere"));
    Files.createDirectory(root);

    for (ThrowingCallable call : everyVerb(store)) {
      assertThatThrownBy(call)
          .isInstanceOf(TransientFailure.class)
          .hasMessageContaining("suddenly empty");
    }
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aRootThatIsNoFolderFailsClearly() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");

    for (Path root : List.of(file, file.resolve("below"))) {
      for (ThrowingCallable call : everyVerb(store(root, InstantSource.system()))) {
        assertThatThrownBy(call)
            .isInstanceOf(TransientFailure.class)
            .hasMessageContaining(root.toString())
            .hasMessageContaining("Hint:");
      }
    }
    assertThat(file).hasContent("text");
  }

  @Test
  void whereNoDraftCanBeWrittenNothingIsVisible() throws IOException {
    Files.writeString(folder.resolve(".tmp"), "in the way");
    BlobStore store = open();

    assertThatThrownBy(() -> put(store, "a/key", 10))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("object a/key")
        .hasMessageContaining("not a directory")
        .hasCauseInstanceOf(IOException.class);

    assertThat(store.list("", null, 10)).isEmpty();
    Files.delete(folder.resolve(".tmp"));
    put(store, "a/key", 10);
  }

  @Test
  void anObjectInPlaceOfAFolderIsRefusedAndLeavesNoDraft() throws IOException {
    BlobStore store = open();
    put(store, "a/b", 10);

    assertThatThrownBy(() -> put(store, "a/b/c", 10))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("a/b");
    assertThatThrownBy(() -> put(store, "a", 10)).isInstanceOf(PermanentFailure.class);

    assertThat(files(folder)).containsExactly("a/b");
  }

  @Test
  void aFolderThatAPersonRemovedIsMadeAgain() throws IOException {
    BlobStore store = open();
    put(store, "a/b/c", 1);
    store.delete(List.of("a/b/c"));
    Files.delete(folder.resolve("a/b"));
    Files.delete(folder.resolve("a"));

    put(store, "a/b/d", 1);

    assertThat(files(folder)).containsExactly("a/b/d");
  }

  @Test
  void aKeyBelowAnObjectIsAbsentAndTheOthersAreDeleted() throws IOException {
    BlobStore store = open();
    put(store, "a", 1);
    put(store, "b", 1);

    assertThat(store.delete(List.of("a", "b/below-a-file", "b")))
        .extracting(deletion -> deletion.outcome())
        .containsExactly(Outcome.DELETED, Outcome.ABSENT, Outcome.DELETED);
    assertThat(files(folder)).isEmpty();
  }

  @Test
  void whatIsNoObjectIsNotListed() throws IOException {
    BlobStore store = open();
    put(store, "a/key", 1);
    Files.writeString(folder.resolve("a/.hidden"), "");
    Files.writeString(folder.resolve("a/not a key"), "");
    Files.createDirectories(folder.resolve("lost+found/x"));
    Files.createDirectories(folder.resolve("a/empty/folders"));
    Files.createSymbolicLink(folder.resolve("a/dangling"), Path.of("nowhere"));

    assertThat(store.list("", null, 10)).extracting(BlobInfo::key).containsExactly("a/key");
    assertThat(store.list("a/", null, 10)).extracting(BlobInfo::key).containsExactly("a/key");
  }

  @Test
  void aPrefixCannotLeadOutOfTheRoot() throws IOException {
    Path root = Files.createDirectories(folder.resolve("root/sub"));
    Files.writeString(folder.resolve("root/secret"), "");
    put(store(root, InstantSource.system()), "inside", 1);

    for (String prefix : List.of("../", "../s", "/", folder + "/root/", "./", ".tmp/", "a/../")) {
      assertThat(store(root, InstantSource.system()).list(prefix, null, 10)).as(prefix).isEmpty();
    }
  }

  @Test
  void anyPageOfAnyTreeIsWhatASortOfItsKeysGives() throws IOException {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var keys = new TreeSet<String>();
    for (int i = 0; i < 400; i++) {
      String key = randomKey(random);
      Path file = folder.resolve(key);
      try {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        keys.add(key);
      } catch (IOException e) {
        // The name of a folder, or below an object.
      }
    }
    BlobStore store = open();
    for (int i = 0; i < 600; i++) {
      String prefix = randomKey(random);
      String from = prefix.substring(0, random.nextInt(Math.min(prefix.length(), 6)));
      String after = random.nextInt(4) == 0 ? null : randomKey(random);
      int limit = 1 + random.nextInt(random.nextBoolean() ? 5 : 500);
      assertThat(store.list(from, after, limit))
          .as("seed %d: %d under '%s' after '%s'", seed, limit, from, after)
          .extracting(BlobInfo::key)
          .isEqualTo(
              keys.stream()
                  .filter(key -> key.startsWith(from))
                  .filter(key -> after == null || key.compareTo(after) > 0)
                  .limit(limit)
                  .toList());
    }
  }

  private static String randomKey(Random random) {
    var key = new StringBuilder();
    int depth = 1 + random.nextInt(4);
    for (int i = 0; i < depth; i++) {
      key.append(i == 0 ? "" : "/").append("ab".charAt(random.nextInt(2)));
      for (int j = random.nextInt(3); j > 0; j--) {
        key.append("a-.0_A".charAt(random.nextInt(6)));
      }
    }
    return key.toString();
  }

  private static List<ThrowingCallable> everyVerb(BlobStore store) {
    return List.of(
        () -> put(store, "a/key", 10),
        () -> put(store, "other/key", 10),
        () -> store.read("a/key", 0, 10),
        () -> store.head("a/key"),
        () -> store.list("", null, 10),
        () -> store.list("a/", null, 10),
        () -> store.delete(List.of("a/key")),
        () -> store.copy("a/key", "b"));
  }

  static BlobStore store(Path root, InstantSource clock) {
    return new FilesystemBlobStore(root, clock, new RandomIds());
  }

  static void put(BlobStore store, String key, int size) {
    store.create(key, List.of(ByteBuffer.allocate(size)));
  }

  /** All files, drafts too. */
  static List<String> files(Path root) throws IOException {
    List<String> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(root)) {
      paths
          .filter(Files::isRegularFile)
          .forEach(path -> files.add(root.relativize(path).toString()));
    }
    files.sort(null);
    return files;
  }
}
