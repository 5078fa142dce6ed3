package dev.tidemark.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Activity;
import dev.tidemark.node.schema.Collection;
import dev.tidemark.node.schema.Distance;
import dev.tidemark.node.schema.Placement;
import dev.tidemark.node.schema.Schema.Assignment;
import dev.tidemark.node.schema.Schema.Assignments;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @BeforeAll
  static void loadLibrary(@TempDir Path folder) throws Exception {
    RocksLibrary.load(folder);
  }

  private static Shards open(Path root) throws Exception {
    Files.createDirectories(root.resolve("shards"));
    Path logs = Files.createDirectories(root.resolve("logs"));
    return new Shards(
        root.resolve("shards"),
        new RocksSettings(1 << 20, logs),
        new Disk(root.resolve("shards"), OptionalLong.empty()),
        InstantSource.system());
  }

  private static Assignment assignment(String generation, int dimensions) {
    var placement = new Placement("s0", "n1", generation, Activity.ACTIVE);
    return new Assignment(
        new Collection("docs", "c-1", dimensions, Distance.L2, false, List.of(placement)),
        placement);
  }

  private static Assignments live(String generation) {
    return new Assignments(Map.of(generation, assignment(generation, 2)), Map.of());
  }

  private static Shard make(Shards shards, String generation) {
    shards.make(assignment(generation, 2));
    shards.admit(live(generation));
    return shards.require(generation);
  }

  private static List<StoredObject> objects(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new StoredObject(prefix + i, new float[] {i, -i}, Map.of("n", i)))
        .toList();
  }

  @Test
  void aShardWhoseFolderIsNotHereIsLostAndNeverMadeAnew(@TempDir Path root) throws Exception {
    try (var shards = open(root)) {
      shards.admit(live("g1"));
      Shard shard = shards.require("g1");
      assertThat(shard.line().status()).isEqualTo(ShardStatus.LOST);
      assertThat(kind(() -> shard.put(objects("a", 1)))).isEqualTo(Kind.SHARD_LOST);
      assertThat(kind(() -> shards.snapshot("g1", "x", HOUR))).isEqualTo(Kind.SHARD_LOST);
      assertThat(root.resolve("shards")).isEmptyDirectory();
    }
  }

  @Test
  void theLastOfEqualIdsInABatchStaysAndCountsOnce(@TempDir Path root) throws Exception {
    try (var shards = open(root)) {
      Shard shard = make(shards, "g1");
      shard.put(
          List.of(
              new StoredObject("a", new float[] {1, 1}, null),
              new StoredObject("b", new float[] {2, 2}, null),
              new StoredObject("a", new float[] {3, 3}, null)));
      assertThat(shard.count()).isEqualTo(2);
      assertThat(shard.get("a").vector()).containsExactly(3, 3);
    }
  }

  @Test
  void digestsOfImmutableFilesAreComputedOnce(@TempDir Path root) throws Exception {
    try (var shards = open(root)) {
      Shard shard = make(shards, "g1");
      shard.put(objects("a", 100));
      Snapshot first = shards.snapshot("g1", "first", HOUR).snapshot();
      Path known = root.resolve("shards/g1/digests.json");
      // Whoever hashed again would not answer with this.
      String digest =
          files(first).stream()
              .filter(file -> file.number() != null)
              .findFirst()
              .orElseThrow()
              .sha256();
      Files.writeString(known, Files.readString(known).replace(digest, "0".repeat(64)));
      Snapshot second = shards.snapshot("g1", "second", HOUR).snapshot();
      assertThat(files(second)).extracting(SnapshotFile::sha256).contains("0".repeat(64));
    }
  }

  private static List<SnapshotFile> files(Snapshot snapshot) {
    return snapshot.files() == null ? List.of() : snapshot.files();
  }

  @Test
  void aDatabaseOfOtherDimensionsIsNotCommitted(@TempDir Path root) throws Exception {
    try (var shards = open(root)) {
      make(shards, "g1").put(objects("a", 10));
      shards.admit(new Assignments(live("g1").live(), Map.of("g2", assignment("g2", 3))));
      assertThat(shards.begin("g2")).isTrue();
      List<FileDigest> files = copy(shards);
      assertThat(kind(() -> shards.restored("g2").commit(null, files)))
          .isEqualTo(Kind.DIGEST_MISMATCH);
      assertThat(shards.committed("g2")).isEmpty();
    }
  }

  @Test
  void aCommitIsIdempotentAndFilesThatAreNotListedGo(@TempDir Path root) throws Exception {
    try (var shards = open(root)) {
      make(shards, "g1").put(objects("a", 10));
      shards.admit(new Assignments(live("g1").live(), live("g2").live()));
      shards.begin("g2");
      List<FileDigest> files = copy(shards);
      RestoredShard restored = shards.restored("g2");
      restored.write(null, "stray", new Piece(0, null, new ByteArrayInputStream(new byte[10])));
      restored.commit(null, files);
      restored.commit(null, files);
      assertThat(root.resolve("shards/g2/db/stray")).doesNotExist();
      assertThat(kind(() -> restored.commit(null, files.subList(1, files.size()))))
          .isEqualTo(Kind.CONFLICT);
      assertThat(
              kind(
                  () ->
                      restored.write(
                          null, "CURRENT", new Piece(0, null, InputStream.nullInputStream()))))
          .isEqualTo(Kind.CONFLICT);
      shards.admit(live("g2"));
      shards.retire(live("g2"));
      assertThat(shards.require("g2").count()).isEqualTo(10);
      assertThat(root.resolve("shards/g1")).doesNotExist();
      assertThat(kind(() -> shards.require("g1"))).isEqualTo(Kind.GENERATION_UNKNOWN);
    }
  }

  @Test
  void aPieceThatArrivesWithOtherBytesIsRefusedAndSentAgain(@TempDir Path root) throws Exception {
    try (var shards = open(root)) {
      make(shards, "g1").put(objects("a", 10));
      shards.admit(new Assignments(live("g1").live(), live("g2").live()));
      shards.begin("g2");
      RestoredShard restored = shards.restored("g2");
      String digest = Sha256.of(new byte[] {1, 2, 3});
      assertThat(restored.write(null, "f", piece(0, digest, 1, 2, 3))).isEqualTo(3);
      assertThat(kind(() -> restored.write(null, "f", piece(3, digest, 1, 2, 4))))
          .isEqualTo(Kind.DIGEST_MISMATCH);
      assertThat(root.resolve("shards/g2/db/f")).hasBinaryContent(new byte[] {1, 2, 3});
      assertThat(restored.write(null, "f", piece(3, digest, 1, 2, 3))).isEqualTo(6);
    }
  }

  @Test
  void filesWhosePiecesWereProvenAreCommittedWithoutDigests(@TempDir Path root) throws Exception {
    try (var shards = open(root)) {
      make(shards, "g1").put(objects("a", 10));
      shards.admit(new Assignments(live("g1").live(), live("g2").live()));
      shards.begin("g2");
      List<FileDigest> files = copy(shards);
      List<FileDigest> sizes =
          files.stream().map(file -> new FileDigest(file.name(), file.size(), null)).toList();
      shards.restored("g2").commit(null, sizes);
      shards.restored("g2").commit(null, sizes);
      shards.restored("g2").commit(null, files);
      assertThat(shards.committed("g2").orElseThrow().files())
          .containsExactlyInAnyOrderElementsOf(files);
    }
  }

  private static Piece piece(long offset, String sha256, int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    return new Piece(offset, sha256, new ByteArrayInputStream(content));
  }

  /** Copies a snapshot of g1 into the restored g2. */
  private static List<FileDigest> copy(Shards shards) throws Exception {
    Snapshot snapshot = shards.snapshot("g1", "x", HOUR).snapshot();
    for (SnapshotFile file : files(snapshot)) {
      try (InputStream in = Files.newInputStream(shards.snapshotFile("g1", "x", file.name()))) {
        shards.restored("g2").write(null, file.name(), new Piece(0, file.sha256(), in));
      }
    }
    return files(snapshot).stream()
        .map(file -> new FileDigest(file.name(), file.size(), file.sha256()))
        .toList();
  }

  private static Kind kind(Runnable call) {
    return catchThrowableOfType(NodeFailure.class, call::run).kind();
  }
}
