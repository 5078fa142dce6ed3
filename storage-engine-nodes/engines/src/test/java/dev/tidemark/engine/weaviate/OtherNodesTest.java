package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.cloud.WeaviateServer;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From three nodes into three others of other names, which keep their native backups in another
 * bucket; also when a node is killed while they restore, or the run is given up.
 */
@Tag("engines")
class OtherNodesTest {
  private static final int OBJECTS = 400;
  private static final String OTHER_BUCKET = "other-native";
  private static final Map<String, String> HURRIED = Map.of("stall", "10s", "deadline", "5s");

  @TempDir static Path folder = Path.of("/");
  private static final Map<String, Map<String, String>> EXPECTED = new HashMap<>();
  private static @Nullable MinioServer minio;
  private static @Nullable WeaviateCluster source;
  private static @Nullable WeaviateCluster other;
  private static @Nullable Backups backup;

  private final WeaviateApi here = new WeaviateApi(other().node(1).address());

  /** One backup serves all. */
  @BeforeAll
  static void start() {
    minio = MinioServer.start(folder.resolve("minio"), Weaviates.BUCKET, OTHER_BUCKET);
    Map<String, String> both =
        Map.of(
            "ENABLE_MODULES",
            "backup-s3,backup-filesystem",
            "BACKUP_FILESYSTEM_PATH",
            folder.resolve("unused").toString());
    other = WeaviateCluster.of("blue", 3, folder, minio(), OTHER_BUCKET, both);
    source = WeaviateCluster.of("red", 3, folder, minio(), Weaviates.BUCKET, Map.of());
    var there = new WeaviateApi(source().node(0).address());
    there.collection("Spread", 4, 1);
    there.store("Spread", "", 0, OBJECTS, 1);
    there.collection("Copied", 3, 3);
    there.store("Copied", "", 0, OBJECTS, 1);
    there.tenants("Note", 2, List.of("a", "b", "c"));
    there.store("Note", "a", 0, 40, 1);
    there.store("Note", "b", 0, 20, 1);
    there.deactivate("Note", List.of("b"));
    for (String each : List.of("Spread", "Copied")) {
      EXPECTED.put(each, there.objects(each, ""));
    }
    EXPECTED.put("Note", there.objects("Note", "a"));
    backup = new Backups(OtherNodesTest::sourceEngine);
    backup().prepare("Spread", "Copied", "Note");
  }

  @AfterAll
  static void stop() {
    for (WeaviateCluster each : new WeaviateCluster[] {source, other}) {
      if (each != null) {
        each.close();
      }
    }
    if (minio != null) {
      minio.close();
    }
  }

  private static MinioServer minio() {
    return Objects.requireNonNull(minio);
  }

  private static WeaviateCluster source() {
    return Objects.requireNonNull(source);
  }

  private static WeaviateCluster other() {
    return Objects.requireNonNull(other);
  }

  private static Backups backup() {
    return Objects.requireNonNull(backup);
  }

  private static StorageEngine sourceEngine() {
    return Weaviates.engine(source(), minio(), Map.of());
  }

  private static StorageEngine otherEngine() {
    return Weaviates.engine(other(), minio(), OTHER_BUCKET, HURRIED);
  }

  private static Restores restore() {
    return new Restores(
        OtherNodesTest::sourceEngine,
        backup(),
        OtherNodesTest::otherEngine,
        UnaryOperator.identity());
  }

  @BeforeEach
  void empty() {
    here.collections().forEach(here::drop);
  }

  private void requireAll() {
    for (WeaviateServer node : other().nodes()) {
      var api = new WeaviateApi(node.address());
      assertThat(api.objects("Spread", "")).as(node.name()).isEqualTo(EXPECTED.get("Spread"));
    }
    assertThat(here.objects("Copied", "")).isEqualTo(EXPECTED.get("Copied"));
    for (WeaviateServer node : other().nodes()) {
      for (int i = 0; i < OBJECTS; i += 41) {
        String path =
            "/v1/objects/Copied/%s?include=vector&node_name=%s"
                .formatted(WeaviateApi.id(i), node.name());
        var object = here.call("GET", path, null);
        assertThat(object.path("properties") + " " + object.path("vector"))
            .as(node.name())
            .isEqualTo(expected("Copied").get(WeaviateApi.id(i)));
      }
    }
    assertThat(here.objects("Note", "a")).isEqualTo(EXPECTED.get("Note"));
    assertThat(here.tenants("Note").findValuesAsText("activityStatus"))
        .containsExactlyInAnyOrder("HOT", "COLD", "HOT");
    here.activate("Note", List.of("b"));
    assertThat(here.count("Note", "b")).isEqualTo(20);
    assertThat(here.count("Note", "c")).isZero();
  }

  private static Map<String, String> expected(String collection) {
    return EXPECTED.getOrDefault(collection, Map.of());
  }

  /** More of them with {@code -Dtidemark.kills=20}. */
  @Test
  void aNodeThatIsKilledWhileThreeRestoreCostsTheRunTimeOrTheRunAndNothingElse() {
    long seed = Long.getLong("tidemark.seed", ThreadLocalRandom.current().nextLong(1_000_000));
    System.out.println("OtherNodesTest seed " + seed + ", replay with -Dtidemark.seed=" + seed);
    var random = new Random(seed);
    for (int kill = 0; kill < Integer.getInteger("tidemark.kills", 1); kill++) {
      empty();
      Restores restore = restore();
      restore.prepare();
      restore.write();
      begin(restore);
      Backups.sleep(Duration.ofMillis(random.nextInt(2_500)));
      // The first endpoint is the one that coordinates.
      int number = (kill + random.nextInt(2)) % 3;
      WeaviateServer node = other().node(number);
      node.kill();
      Backups.sleep(Duration.ofMillis(random.nextInt(3_000)));
      node.launch();
      node.await();
      try {
        restore.finish();
        System.out.printf("  %s killed: restored%n", node.name());
      } catch (PermanentFailure e) {
        System.out.printf("  %s killed: %s%n", node.name(), e.getMessage());
        restore.discard();
        assertThat(here.collections()).isEmpty();
        restore.requireNothingLeft();
        awaitHealth();
        restore().all();
      }
      awaitHealth();
      requireAll();
    }
  }

  /** Goes on until the servers restore: at first it describes what was written. */
  private static void begin(Restores restore) {
    for (boolean begun = false; !begun; ) {
      try {
        Progress progress = restore.once();
        begun = progress.ready() || progress.delay().toMillis() >= 500;
      } catch (TransientFailure e) {
        Backups.sleep(Duration.ofMillis(500));
      }
    }
  }

  private static void awaitHealth() {
    for (int i = 0; i < 600; i++) {
      try {
        requireHealth();
        return;
      } catch (PermanentFailure | TransientFailure e) {
        Backups.sleep(Duration.ofMillis(100));
      }
    }
    requireHealth();
  }

  /** By what every node says: each learns of the others on its own. */
  private static void requireHealth() {
    for (WeaviateServer node : other().nodes()) {
      Map<String, String> keys = new HashMap<>(HURRIED);
      keys.put("endpoints", "['%s']".formatted(node.address()));
      Weaviates.engine(other(), minio(), OTHER_BUCKET, keys).source().check(List.of());
    }
  }

  @Test
  void afterARunThatWasGivenUpWhileThreeRestoredTheNextBringsShardsOfOneCopyAndOfThree() {
    Restores givenUp = restore();
    givenUp.prepare();
    givenUp.write();
    begin(givenUp);
    Backups.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextInt(1_000)));
    givenUp.discard();
    assertThat(here.collections()).isEmpty();
    givenUp.requireNothingLeft();
    Restores restore = restore();

    restore.all();

    requireAll();
    assertThat(otherEngine().catalog().shards(null, 100))
        .hasSize(4 + 3 + 3)
        .allMatch(shard -> shard.node().startsWith("blue-"));
    assertThat(
            otherEngine().catalog().shards(null, 100).stream()
                .filter(shard -> shard.collection().equals("Spread"))
                .map(Shard::node)
                .distinct())
        .hasSizeGreaterThan(1);
    restore.requireNothingLeft();
  }

  @Test
  void aBackendThatKeepsABackupInEachNodesFileSystemIsRefused() {
    StorageEngine engine = Weaviates.engine(other(), folder.resolve("unused"), Map.of());
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> engine.source().check(List.of()))
        .withMessageContaining("3 nodes")
        .withMessageContaining("backup-s3");
    assertThat(engine.catalog().leftovers("t")).isEmpty();
  }
}
