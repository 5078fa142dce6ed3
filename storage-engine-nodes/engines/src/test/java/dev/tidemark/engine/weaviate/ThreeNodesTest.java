package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.cloud.WeaviateServer;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.StagingArea;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of three real nodes that keep theirs in a bucket, with a copy of each shard on each. */
@Tag("engines")
class ThreeNodesTest {
  private static final int OBJECTS = 400;
  private static final Map<String, String> HURRIED = Map.of("stall", "10s", "deadline", "5s");

  @TempDir static Path folder = Path.of("/");
  private static @Nullable MinioServer minio;
  private static @Nullable WeaviateCluster started;

  private final WeaviateApi api = new WeaviateApi(cluster().node(1).address());

  @BeforeAll
  static void start() {
    minio = MinioServer.start(folder.resolve("minio"), Weaviates.BUCKET);
    started =
        WeaviateCluster.of(3, folder, Objects.requireNonNull(minio), Weaviates.BUCKET, Map.of());
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
    if (minio != null) {
      minio.close();
    }
  }

  private static WeaviateCluster cluster() {
    return Objects.requireNonNull(started);
  }

  private static MinioServer minio() {
    return Objects.requireNonNull(minio);
  }

  private static StorageEngine engine(Map<String, String> more) {
    return Weaviates.engine(cluster(), minio(), more);
  }

  private static Backups run(Map<String, String> more) {
    return new Backups(() -> engine(more));
  }

  @BeforeEach
  void fill() {
    api.collections().forEach(api::drop);
    api.collection("Article", 3, 3);
    api.store("Article", "", 0, OBJECTS, 1);
  }

  private static void await(BooleanSupplier what) {
    for (int i = 0; i < 1_200 && !what.getAsBoolean(); i++) {
      Backups.sleep(Duration.ofMillis(50));
    }
    assertThat(what.getAsBoolean()).isTrue();
  }

  private static void requireAllObjects(Backups run) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      ids.add(WeaviateApi.id(i));
    }
    Map<String, byte[]> files = run.files();
    Set<String> found = new HashSet<>();
    for (Shard shard : run.shards()) {
      found.addAll(Backups.objectsIn(files, shard.canonicalName(), ids));
    }
    assertThat(found).hasSize(OBJECTS);
  }

  @Test
  void ofThreeCopiesOneIsStoredAndTheSameOneNextTime() {
    Backups first = run(Map.of());
    first.prepare("Article");
    List<Shard> shards = first.shards();
    assertThat(shards).hasSize(3);
    requireAllObjects(first);
    first.release();

    Backups second = run(Map.of());
    second.prepare("Article");
    assertThat(second.shards())
        .extracting(Shard::canonicalName, Shard::node)
        .containsExactlyElementsOf(
            shards.stream().map(each -> tuple(each.canonicalName(), each.node())).toList());
    assertThat(engine(Map.of()).catalog().shards(null, 10))
        .extracting(Shard::canonicalName, Shard::node)
        .containsExactlyElementsOf(
            shards.stream().map(each -> tuple(each.canonicalName(), each.node())).toList());
    second.release();
  }

  @Test
  void allCopiesAreShardsNamedByTheirNodes() {
    Map<String, String> all = Map.of("replicas", "all");
    Backups run = run(all);
    run.prepare("Article");
    List<Shard> shards = run.shards();
    assertThat(shards).hasSize(9);
    assertThat(shards).allMatch(each -> each.shard().endsWith("@" + each.node()));
    assertThat(shards).extracting(Shard::node).contains("weaviate-0", "weaviate-1", "weaviate-2");
    assertThat(engine(all).catalog().shards(null, 10))
        .extracting(Shard::canonicalName)
        .containsExactlyElementsOf(shards.stream().map(Shard::canonicalName).toList());
    requireAllObjects(run);
    run.release();
  }

  @Test
  void chunksThatAreCompressedAreLaidOutInTheBucket() {
    for (String level : List.of("BestSpeed", "ZstdBestSpeed")) {
      Backups run = run(Map.of("compressionLevel", level));
      run.prepare("Article");
      requireAllObjects(run);
      run.release();
    }
  }

  @Test
  void aCoordinatorThatDiesWhenAllNodesAreDoneCostsNoSecondBackup() {
    Backups run = run(HURRIED);
    StagingArea area = Weaviates.area(minio());
    String id = run.token.name() + "-1";
    engine(HURRIED).source().prepare(run.token, List.of("Article"));
    await(
        () ->
            cluster().nodes().stream()
                .allMatch(node -> area.head(Names.node(id, node.name())).isPresent()));
    cluster().node(0).kill();
    var desk = new Desk(area);
    boolean unfinished =
        desk.read(Names.cluster(id)).orElseThrow().path("status").asText().equals("STARTED");

    assertThat(run.prepare("Article").name()).isEqualTo(id);
    requireAllObjects(run);
    run.release();
    assertThat(unfinished).as("the coordinator died before it could say so").isTrue();
    restart(cluster().node(0));
    requireAnotherBackup();
  }

  private static void restart(WeaviateServer node) {
    node.launch();
    node.await();
    await(ThreeNodesTest::healthy);
  }

  private static boolean healthy() {
    try {
      engine(Map.of()).source().check(List.of("Article"));
      return true;
    } catch (PermanentFailure | TransientFailure e) {
      return false;
    }
  }

  private static void requireAnotherBackup() {
    Backups next = run(Map.of());
    next.prepare("Article");
    requireAllObjects(next);
    next.release();
  }

  @Test
  void aNodeThatDiesInTheMiddleIsWaitedForAndTheBackupMadeAgain() {
    Backups run = run(HURRIED);
    engine(HURRIED).source().prepare(run.token, List.of("Article"));
    cluster().node(2).kill();
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(
            () -> {
              // Gossip takes a moment to notice.
              for (int i = 0; i < 100; i++) {
                engine(HURRIED).source().check(List.of("Article"));
                Backups.sleep(Duration.ofMillis(200));
              }
            })
        .withMessageContaining("weaviate-2");
    restart(cluster().node(2));

    run.prepare("Article");

    requireAllObjects(run);
    run.release();
  }

  @Test
  void aCoordinatorThatHangsIsGivenUpAndTheServerTakesBackupsAgainOnceItGoesOn() {
    Backups run = run(HURRIED);
    engine(HURRIED).source().prepare(run.token, List.of("Article"));
    cluster().node(0).hang();
    try {
      Backups.sleep(Duration.ofSeconds(12));
    } finally {
      cluster().node(0).goOn();
    }
    await(ThreeNodesTest::healthy);

    run.prepare("Article");

    requireAllObjects(run);
    run.release();
    requireAnotherBackup();
  }
}
