package dev.tidemark.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.node.Api;
import dev.tidemark.node.TestCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  private static final String SHARD = "/v1/shards/docs/s0";

  private TestCluster cluster;
  private Api api;

  @BeforeEach
  void startOneNode(@TempDir Path folder) throws IOException {
    cluster = TestCluster.start(folder, 1);
    api = cluster.api("n1");
    api.post(
            "/v1/collections",
            "{'token':'t','name':'docs','dimensions':8,'distance':'l2','multiTenant':false,'shardCount':1}")
        .expect(201);
  }

  @AfterEach
  void stop() throws IOException {
    cluster.close();
  }

  private Api.Answer put(String name, int ttlSeconds) {
    return api.put(SHARD + "/snapshots/" + name, "{'ttlSeconds':" + ttlSeconds + "}");
  }

  @Test
  void filesHaveTheDigestsThatTheSnapshotNames() throws Exception {
    api.importObjects("docs", "a", 2000, 8);
    JsonNode snapshot = put("x", 60).expect(201).json();
    assertThat(snapshot.get("objects").asInt()).isEqualTo(2000);
    assertThat(snapshot.get("generation").asText())
        .isEqualTo(api.shard("docs", "s0").get("generation").asText());
    for (JsonNode file : snapshot.get("files")) {
      byte[] bytes = file(snapshot, file).expect(200).bytes();
      assertThat(bytes).hasSize(file.get("size").asInt());
      assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
          .isEqualTo(file.get("sha256").asText());
    }
  }

  private Api.Answer file(JsonNode snapshot, JsonNode file) {
    return api.get(path(snapshot, file));
  }

  private static String path(JsonNode snapshot, JsonNode file) {
    return SHARD
        + "/snapshots/"
        + snapshot.get("name").asText()
        + "/files/"
        + file.get("name").asText();
  }

  @Test
  void filesAreReadByRange() {
    api.importObjects("docs", "a", 1000, 8);
    JsonNode snapshot = put("x", 60).json();
    JsonNode file = snapshot.get("files").get(0);
    byte[] whole = file(snapshot, file).bytes();
    var pieces = new ByteArrayOutputStream();
    for (int from = 0; from < whole.length; from += 777) {
      int to = Math.min(whole.length, from + 777) - 1;
      pieces.writeBytes(
          api.get(path(snapshot, file), "bytes=" + from + "-" + to).expect(206).bytes());
    }
    assertThat(pieces.toByteArray()).isEqualTo(whole);
    assertThat(api.get(path(snapshot, file), "bytes=5-").expect(206).bytes())
        .hasSize(whole.length - 5);
    api.get(path(snapshot, file), "bytes=" + whole.length + "-").expect(416);
    assertThat(api.get(path(snapshot, file), "lines=1-2").problem(400))
        .isEqualTo("invalid-request");
  }

  @Test
  void aSnapshotStaysAsItIsWhileWritesGoOn() throws Exception {
    api.importObjects("docs", "a", 1000, 8);
    JsonNode snapshot = put("x", 60).expect(201).json();
    var before = new HashMap<String, byte[]>();
    for (JsonNode file : snapshot.get("files")) {
      before.put(file.get("name").asText(), file(snapshot, file).bytes());
    }
    api.importObjects("docs", "b", 1000, 8);
    put("y", 60).expect(201);
    for (JsonNode file : snapshot.get("files")) {
      assertThat(file(snapshot, file).bytes()).isEqualTo(before.get(file.get("name").asText()));
    }
    assertThat(put("x", 60).expect(200).json().get("files")).isEqualTo(snapshot.get("files"));
  }

  @Test
  void oneGenerationNeverUsesAFileNumberAndSizeForOtherBytes() throws Exception {
    Map<String, String> digests = new HashMap<>();
    for (int round = 0; round < 6; round++) {
      api.importObjects("docs", "r" + round % 2, 700 + round, 8);
      JsonNode snapshot = put("x" + round, 60).expect(201).json();
      for (JsonNode file : snapshot.get("files")) {
        if (!file.get("number").isNull()) {
          String identity = file.get("number") + ":" + file.get("size");
          String digest = file.get("sha256").asText();
          assertThat(digests.getOrDefault(identity, digest)).isEqualTo(digest);
          digests.put(identity, digest);
        }
      }
      if (round % 2 == 1) {
        cluster.stop("n1");
        cluster.start("n1");
      }
    }
    assertThat(digests).hasSizeGreaterThan(3);
  }

  @Test
  void manyCallsWithOneNameMakeOneSnapshot() throws Exception {
    api.importObjects("docs", "a", 500, 8);
    var pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Api.Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(() -> put("same", 60));
      }
      var statuses = new ArrayList<Integer>();
      for (Future<Api.Answer> call : pool.invokeAll(calls)) {
        statuses.add(call.get().status());
      }
      assertThat(statuses).containsOnlyOnce(201).contains(200).hasSize(8);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void countsAgreeWithTheFilesWhileAWriterRuns() throws Exception {
    api.importObjects("docs", "a", 100, 8);
    var pool = Executors.newSingleThreadExecutor();
    try {
      Future<?> writer =
          pool.submit(
              () -> {
                for (int i = 0; i < 30; i++) {
                  api.post("/v1/collections/docs/objects", Api.batch("w" + i + "-", 0, 100, 8))
                      .expect(200);
                }
              });
      for (int i = 0; i < 5; i++) {
        long counted = put("w" + i, 60).expect(201).json().get("objects").asLong();
        // Batches are whole or not there.
        assertThat(counted % 100).isZero();
      }
      writer.get();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void snapshotsSurviveARestartAndExpireByThemselves() throws Exception {
    api.importObjects("docs", "a", 10, 8);
    put("mine-short", 60).expect(201);
    put("mine-long", 6000).expect(201);
    cluster.stop("n1");
    cluster.start("n1");
    assertThat(names("mine-")).containsExactly("mine-long", "mine-short");
    assertThat(names("mine-l")).containsExactly("mine-long");
    cluster.advance(Duration.ofSeconds(61));
    assertThat(api.get(SHARD + "/snapshots/mine-short").problem(410)).isEqualTo("gone");
    String generation = api.shard("docs", "s0").get("generation").asText();
    awaitGone(
        cluster.folder("n1").resolve("shards").resolve(generation).resolve("snapshots/mine-short"));
    assertThat(api.get(SHARD + "/snapshots/mine-short").problem(410)).isEqualTo("gone");
    assertThat(api.get(SHARD + "/snapshots/mine-short/files/CURRENT").problem(410))
        .isEqualTo("gone");
    assertThat(api.get(SHARD + "/snapshots/never").problem(404)).isEqualTo("not-found");
    assertThat(names("mine-")).containsExactly("mine-long");
    api.delete(SHARD + "/snapshots/mine-long").expect(204);
    api.delete(SHARD + "/snapshots/mine-long").expect(204);
    assertThat(api.get(SHARD + "/snapshots/mine-long").problem(404)).isEqualTo("not-found");
    put("mine-short", 60).expect(201);
  }

  private List<String> names(String prefix) {
    return api.get("/v1/snapshots?prefix=" + prefix)
        .expect(200)
        .json()
        .get("snapshots")
        .findValuesAsText("name");
  }

  private static void awaitGone(Path path) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (Files.exists(path)) {
      assertThat(System.nanoTime()).as("still there: " + path).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  @Test
  void leftoversOfACrashAreRemovedAtTheNextStart() throws Exception {
    put("kept", 60).expect(201);
    String generation = api.shard("docs", "s0").get("generation").asText();
    cluster.stop("n1");
    Path shards = cluster.folder("n1").resolve("shards");
    Path halfSnapshot = shards.resolve(generation).resolve("snapshots/.making-half/files");
    Files.createDirectories(halfSnapshot);
    Files.createDirectories(shards.resolve("g-halfmade/db"));
    Files.createDirectories(shards.resolve(".doomed-g-old/db"));
    cluster.start("n1");
    assertThat(halfSnapshot.getParent()).doesNotExist();
    assertThat(shards.toFile().list()).containsExactly(generation);
    api.get(SHARD + "/snapshots/kept").expect(200);
  }
}
