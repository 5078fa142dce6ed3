package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a production cluster of three nodes with a copy of each shard on each, and its backups in a
 * bucket, to clusters with other nodes and other places.
 */
@Tag("engines")
class MigrationTest {
  private static final int OBJECTS = 300;

  @TempDir static Path folder = Path.of("/");
  private static @Nullable MinioServer minio;
  private static @Nullable WeaviateCluster production;
  private static @Nullable WeaviateCluster load;

  private final WeaviateApi there = new WeaviateApi(production().node(1).address());
  private final WeaviateApi here = new WeaviateApi(load().node(0).address());

  @BeforeAll
  static void start() {
    minio = MinioServer.start(folder.resolve("minio"), Weaviates.BUCKET);
    production =
        WeaviateCluster.of(
            "production", 3, folder, Objects.requireNonNull(minio), Weaviates.BUCKET, Map.of());
    load = WeaviateCluster.single("load", folder, folder.resolve("backups"), Map.of());
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable each : new AutoCloseable[] {load, production, minio}) {
      close(each);
    }
  }

  private static void close(@Nullable AutoCloseable each) {
    try {
      if (each != null) {
        each.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static WeaviateCluster production() {
    return Objects.requireNonNull(production);
  }

  private static WeaviateCluster load() {
    return Objects.requireNonNull(load);
  }

  private static StorageEngine productionEngine(Map<String, String> more) {
    return Weaviates.engine(production(), Objects.requireNonNull(minio), more);
  }

  private static StorageEngine loadEngine() {
    return Weaviates.engine(load(), folder.resolve("backups"), Map.of());
  }

  @BeforeEach
  void fill() {
    there.collections().forEach(there::drop);
    here.collections().forEach(here::drop);
    there.collection("Article", 3, 3);
    there.store("Article", "", 0, OBJECTS, 1);
    there.tenants("Note", 2, List.of("a", "b"));
    there.store("Note", "a", 0, 40, 1);
    there.store("Note", "b", 0, 20, 1);
    there.deactivate("Note", List.of("b"));
  }

  private static Backups backup(Map<String, String> more) {
    Backups backup = new Backups(() -> productionEngine(more));
    backup.prepare("Article", "Note");
    return backup;
  }

  private static Restores into(
      Map<String, String> more, Backups backup, java.util.function.Supplier<StorageEngine> target) {
    return new Restores(() -> productionEngine(more), backup, target, UnaryOperator.identity());
  }

  @Test
  void theCopiesThatWereStoredComeBackOnEveryNode() {
    for (String replicas : List.of("one", "all")) {
      Map<String, String> more = Map.of("replicas", replicas);
      Backups backup = backup(more);
      Map<String, String> articles = there.objects("Article", "");
      there.collections().forEach(there::drop);

      Restores restore = into(more, backup, () -> productionEngine(more));
      restore.all();

      assertThat(there.count("Article", "")).isEqualTo(OBJECTS);
      production()
          .nodes()
          .forEach(
              node -> {
                for (String id : articles.keySet().stream().limit(20).toList()) {
                  String path =
                      "/v1/objects/Article/%s?node_name=%s&include=vector"
                          .formatted(id, node.name());
                  var object = there.call("GET", path, null);
                  assertThat(object.path("properties") + " " + object.path("vector"))
                      .isEqualTo(articles.get(id));
                }
              });
      assertThat(there.tenants("Note")).hasSize(2);
      assertThat(productionEngine(more).catalog().shards(null, 100))
          .extracting(Shard::canonicalName)
          .containsAll(
              restore.units().stream()
                  .map(
                      unit -> unit.collection() + "/" + productionEngine(more).target().shown(unit))
                  .toList());
      backup.release();
    }
  }

  @Test
  void intoOneNodeWithAnotherBackendEachShardHasOneCopy() {
    Backups backup = backup(Map.of());
    Restores restore = into(Map.of(), backup, MigrationTest::loadEngine);

    restore.all();

    assertThat(here.objects("Article", "")).isEqualTo(there.objects("Article", ""));
    assertThat(here.objects("Note", "a")).isEqualTo(there.objects("Note", "a"));
    assertThat(here.tenants("Note")).containsExactlyInAnyOrderElementsOf(there.tenants("Note"));
    here.store("Article", "", OBJECTS, OBJECTS + 10, 1);
    assertThat(here.count("Article", "")).isEqualTo(OBJECTS + 10);
    restore.requireNothingLeft();
    backup.release();
  }

  @Test
  void fromOneNodeIntoThreeShardsAreSpreadOrPlacedAsTheRequestSays() {
    here.collection("Small", 2, 1);
    here.store("Small", "", 0, 100, 1);
    Map<String, String> objects = here.objects("Small", "");
    Backups backup = new Backups(MigrationTest::loadEngine);
    backup.prepare("Small");
    var restore =
        new Restores(
            MigrationTest::loadEngine,
            backup,
            () -> productionEngine(Map.of()),
            UnaryOperator.identity());
    assertThat(restore.units()).extracting(TargetUnit::node).containsOnly("load-0");

    restore.on("production-2").all();

    assertThat(there.objects("Small", "")).isEqualTo(objects);
    assertThat(productionEngine(Map.of()).catalog().shards(null, 100))
        .filteredOn(shard -> shard.collection().equals("Small"))
        .hasSize(2)
        .allMatch(shard -> shard.node().equals("production-2"));
    backup.release();
  }
}
