package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.cloud.WeaviateServer;
import dev.tidemark.contract.cloud.WeaviateWriter;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source.Progress;
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
    requireObjects(run, 0, OBJECTS);
  }

  private static void requireObjects(Backups run, int from, int to) {
    List<String> ids = new ArrayList<>();
    for (int i = from; i < to; i++) {
      ids.add(WeaviateApi.id(i));
    }
    Map<String, byte[]> files = run.files();
    Set<String> found = new HashSet<>();
    for (Shard shard : run.shards()) {
      found.addAll(Backups.objectsIn(files, shard.canonicalName(), ids));
    }
    assertThat(found).hasSize(to - from);
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
  void aBackupThatOneNodeCoordinatesIsFollowedByWayOfAnother() {
    Backups run = run(by(1));
    Progress begun = engine(by(2)).source().prepare(run.token, List.of("Article"));
    assertThat(begun.ready()).isFalse();

    run.prepare("Article");

    requireAllObjects(run);
    run.release();
  }

  private static Map<String, String> by(int node) {
    return Map.of("endpoints", "['" + cluster().node(node).address() + "']");
  }

  @Test
  void backupsInALoopUnderImportsEachHoldWhatWasAcknowledgedBefore() throws Exception {
    try (var writer = new WeaviateWriter(api, "Article", OBJECTS, Duration.ofMillis(100))) {
      for (int i = 0; i < 2; i++) {
        int before = writer.acknowledged();
        Backups run = run(Map.of());
        run.prepare("Article");
        requireObjects(run, before - 200, before);
        run.release();
        writer.awaits(before + 1);
      }
      writer.end();
    }
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

  /** By what every node says: each learns of the others on its own. */
  private static boolean healthy() {
    try {
      for (int i = 0; i < cluster().nodes().size(); i++) {
        engine(by(i)).source().check(List.of("Article"));
      }
      return true;
    } catch (PermanentFailure | TransientFailure e) {
      return false;
    }
  }

  /** Why no backup can be begun now; empty where one can, or where nobody knows. */
  private static String refusal() {
    try {
      engine(HURRIED).source().check(List.of("Article"));
      return "";
    } catch (PermanentFailure e) {
      return String.valueOf(e.getMessage());
    } catch (TransientFailure e) {
      return "";
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
    // Gossip takes a moment to notice; and if it was the leader, there is none for a moment.
    await(() -> refusal().contains("weaviate-2"));
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
