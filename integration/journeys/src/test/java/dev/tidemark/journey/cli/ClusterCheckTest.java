package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person asks whether a real server can be backed up, before it matters. */
@Tag("engines")
class ClusterCheckTest {
  private static final String BUCKET = "native";

  private final Path folder;
  private final Workbench bench;

  ClusterCheckTest(@TempDir Path folder) {
    this.folder = folder;
    this.bench = Workbench.with(folder);
    bench.variable("AWS_REGION", "us-east-1");
    bench.variable("AWS_ACCESS_KEY_ID", MinioServer.USER);
    bench.variable("AWS_SECRET_ACCESS_KEY", MinioServer.PASSWORD);
  }

  private void configure(String address, String backend, String staging) {
    Workbench.write(
        folder.resolve("tidemark.yaml"),
        """
        settings: { state: state }
        vaults: { main: { path: vault } }
        clusters:
          films:
            engine: weaviate
            endpoints: ['%s']
            backend: %s
            staging: %s
        """
            .formatted(address, backend, staging));
  }

  @Test
  void aServerIsGoodUntilAShardIsReadOnlyOrItAnswersNoMore() {
    try (var cluster =
        WeaviateCluster.single(folder.resolve("server"), folder.resolve("native"), Map.of())) {
      var api = new WeaviateApi(cluster.node(0).address());
      api.collection("Films", 1, 1);
      api.store("Films", "", 0, 20, 1);
      configure(cluster.node(0).address(), "filesystem", "{ store: filesystem, path: native }");

      JsonNode good = bench.run("cluster", "check", "films", "--json").done().json();
      assertThat(good.path("good").asBoolean()).isTrue();
      assertThat(good.path("conditions"))
          .hasSizeGreaterThan(8)
          .allMatch(each -> each.path("verdict").asText().equals("GOOD"));
      assertThat(good.toString()).contains("version 1.38.11, 1 nodes, 1 collections");
      assertThat(bench.run("run", "list").done().out()).contains("no runs");
      assertThat(Workbench.listing(folder.resolve("native"))).isEmpty();

      String shards = "/v1/schema/Films/shards";
      String shard = api.call("GET", shards, null).path(0).path("name").asText();
      setStatus(api, shards + "/" + shard, "READONLY");
      bench
          .run("cluster", "check", "films")
          .failed(
              "BAD      no shard is READONLY", shard + " of Films", "Hint: a server makes them so");
      setStatus(api, shards + "/" + shard, "READY");
      bench.run("cluster", "check", "films").done();

      cluster.node(0).kill();
      bench
          .run("cluster", "check", "films")
          .failed("BAD      every endpoint answers", "good     the staging area can be written");
    }
  }

  private static void setStatus(WeaviateApi api, String path, String status) {
    api.call("PUT", path, JsonNodeFactory.instance.objectNode().put("status", status));
  }

  @Test
  void aBucketWithoutRulesIsWarnedOfAndOneThatIsNotThereIsInTheWay() {
    try (MinioServer minio = MinioServer.start(folder.resolve("minio"), BUCKET);
        WeaviateCluster cluster =
            WeaviateCluster.of(1, folder.resolve("server"), minio, BUCKET, Map.of())) {
      String staging = "{ store: s3, bucket: %s, prefix: scratch, endpoint: '%s' }";
      String address = cluster.node(0).address();
      configure(address, "s3", staging.formatted(BUCKET, minio.address()));
      assertThat(bench.run("cluster", "check", "films").done().out())
          .contains(
              "WARNING  what is left in the staging area expires",
              "a lifecycle rule for the prefix scratch/tidemark- that expires objects after 2 days",
              "WARNING  uploads that nobody completes are aborted");

      configure(address, "s3", staging.formatted("nowhere", minio.address()));
      bench
          .run("cluster", "check", "films")
          .failed("BAD      the staging area can be written", "nowhere");
    }
  }
}
