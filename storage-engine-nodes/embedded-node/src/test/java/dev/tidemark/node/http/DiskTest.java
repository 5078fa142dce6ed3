package dev.tidemark.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.node.Api;
import dev.tidemark.node.TestCluster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  @Test
  void shardsOfAFullDiskAreReadonlyUntilThereIsSpaceAndACall(@TempDir Path folder)
      throws Exception {
    try (var cluster = TestCluster.start(folder, 1)) {
      Api api = cluster.api("n1");
      for (String name : new String[] {"docs", "ballast"}) {
        api.post(
                "/v1/collections",
                "{'token':'%s','name':'%s','dimensions':256,'distance':'l2','multiTenant':false,'shardCount':1}"
                    .formatted(name, name))
            .expect(201);
      }
      api.importObjects("ballast", "x", 3000, 256);
      cluster.stop("n1");
      cluster.limitDisk(5_000_000);
      cluster.start("n1");
      int from = 0;
      Api.Answer answer;
      do {
        answer = api.post("/v1/collections/docs/objects", Api.batch("d", from, from + 100, 256));
        from += 100;
      } while (answer.status() == 200 && from < 10_000);
      assertThat(answer.problem(507)).isEqualTo("shard-readonly");
      JsonNode disk = api.get("/v1/node").json().get("disk");
      assertThat(disk.get("percent").asDouble()).isGreaterThan(80);
      assertThat(api.count("docs")).isEqualTo(from - 100);
      assertThat(api.shard("docs", "s0").get("status").asText()).isEqualTo("READONLY");
      // A start turns logs into smaller tables: the limit follows, to be too low again.
      restart(cluster);
      long used = measured(api, cluster.folder("n1").resolve("shards"));
      cluster.limitDisk(used * 100 / 93);
      restart(cluster);
      assertThat(api.shard("docs", "s0").get("status").asText()).isEqualTo("READONLY");
      assertThat(api.post("/v1/shards/docs/s0/status", "{'status':'READY'}").problem(507))
          .isEqualTo("shard-readonly");
      api.delete("/v1/collections/ballast").expect(204);
      assertThat(api.shard("docs", "s0").get("status").asText()).isEqualTo("READONLY");
      api.post("/v1/shards/docs/s0/status", "{'status':'READY'}").expect(200);
      api.post("/v1/collections/docs/objects", Api.batch("d", 0, 10, 256)).expect(200);
    }
  }

  /** What a node says of its disk once it has looked at it as it is. */
  private static long measured(Api api, Path shards) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) {
      long used = api.get("/v1/node").json().get("disk").get("usedBytes").asLong();
      long there = bytes(shards);
      if (used == there) {
        return used;
      }
      assertThat(System.nanoTime()).as("%d bytes, not %d", used, there).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    }
  }

  private static void restart(TestCluster cluster) throws Exception {
    cluster.stop("n1");
    cluster.start("n1");
  }
}
