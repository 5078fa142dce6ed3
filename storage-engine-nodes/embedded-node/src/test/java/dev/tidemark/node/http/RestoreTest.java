package dev.tidemark.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.node.Api;
import dev.tidemark.node.TestCluster;
import dev.tidemark.node.files.DurableFiles;
import dev.tidemark.node.files.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
  private TestCluster cluster;
  private Api one;
  private Api two;

  @BeforeEach
  void startTwoNodes(@TempDir Path folder) throws IOException {
    cluster = TestCluster.start(folder, 2);
    one = cluster.api("n1");
    two = cluster.api("n2");
  }

  @AfterEach
  void stop() throws IOException {
    cluster.close();
  }

  private void createDocs() {
    one.post(
            "/v1/collections",
            "{'token':'t','name':'docs','dimensions':4,'distance':'l2','multiTenant':false,"
                + "'shards':[{'name':'a','node':'n1'},{'name':'b','node':'n2'}]}")
        .expect(201);
  }

  private void snapshotDocs() {
    one.put("/v1/shards/docs/a/snapshots/backup", "{'ttlSeconds':600}").expect(201);
    two.put("/v1/shards/docs/b/snapshots/backup", "{'ttlSeconds':600}").expect(201);
  }

  /** The restore has the shards in another order, on the other nodes. */
  private static String swapped(boolean replace) {
    return "{'dimensions':4,'distance':'l2','multiTenant':false,'replace':"
        + replace
        + ",'shards':[{'name':'b','node':'n1'},{'name':'a','node':'n2'}]}";
  }

  private void copyTo(String token, String collection) {
    Api.copy(one, "docs/a", "backup", two, token, collection + "/a");
    Api.copy(two, "docs/b", "backup", one, token, collection + "/b");
  }

  @Test
  void aRestoreIntoOtherNodesUnderAnotherNameHasEveryObject() {
    createDocs();
    one.importObjects("docs", "x", 900, 4);
    snapshotDocs();
    one.put("/v1/restores/r1/collections/again", swapped(false)).expect(201);
    two.put("/v1/restores/r1/collections/again", swapped(false)).expect(200);
    copyTo("r1", "again");
    assertThat(one.get("/v1/collections/again").problem(404)).isEqualTo("not-found");
    assertThat(one.get("/v1/node").json().get("shards").findValuesAsText("status"))
        .contains("RESTORING");
    JsonNode published =
        two.post("/v1/restores/r1/publish", "{'aliases':[{'name':'live','collection':'again'}]}")
            .expect(200)
            .json();
    assertThat(one.post("/v1/restores/r1/publish", "{}").expect(200).json()).isEqualTo(published);
    assertThat(two.count("live")).isEqualTo(900);
    for (int i = 0; i < 900; i += 90) {
      JsonNode object = two.get("/v1/collections/docs/objects/x" + i).expect(200).json();
      assertThat(one.get("/v1/collections/again/objects/x" + i).expect(200).json())
          .isEqualTo(object);
    }
    one.importObjects("again", "new", 10, 4);
    assertThat(two.count("again")).isEqualTo(910);
    assertThat(two.count("docs")).isEqualTo(900);
  }

  @Test
  void restoringOverACollectionNeedsToBeSaidAndAliasesAreNotOverwritten() {
    createDocs();
    assertThat(one.put("/v1/restores/r1/collections/docs", swapped(false)).problem(409))
        .isEqualTo("conflict");
    one.put("/v1/aliases/live", "{'collection':'docs'}").expect(200);
    assertThat(one.put("/v1/restores/r1/collections/live", swapped(true)).problem(409))
        .isEqualTo("conflict");
    one.put("/v1/restores/r1/collections/docs", swapped(true)).expect(201);
    assertThat(one.put("/v1/restores/r1/collections/docs", swapped(false)).problem(409))
        .isEqualTo("conflict");
    assertThat(one.put("/v1/restores/r2/collections/docs", swapped(true)).problem(409))
        .isEqualTo("conflict");
    String refusal =
        new String(
            two.post("/v1/restores/r1/publish", "{}").expect(409).bytes(), StandardCharsets.UTF_8);
    assertThat(refusal).contains("docs/b on n1", "docs/a on n2");
  }

  @Test
  void readersSeeOnlyTheOldOrOnlyTheNewWhenARestoreIsPublished() throws Exception {
    createDocs();
    one.importObjects("docs", "x", 400, 4);
    snapshotDocs();
    // From now on the collection has 400 old objects and 350 new ones.
    one.importObjects("docs", "y", 350, 4);
    one.put("/v1/restores/r1/collections/docs", swapped(true)).expect(201);
    copyTo("r1", "docs");
    var done = new AtomicBoolean();
    var pool = Executors.newFixedThreadPool(2);
    try {
      List<AtomicInteger> reads = List.of(new AtomicInteger(), new AtomicInteger());
      Future<?> first = pool.submit(() -> readUntil(done, one, reads.get(0)));
      Future<?> second = pool.submit(() -> readUntil(done, two, reads.get(1)));
      awaitMore(reads, first, second);
      one.post("/v1/restores/r1/publish", "{}").expect(200);
      assertThat(one.count("docs")).isEqualTo(400);
      assertThat(two.count("docs")).isEqualTo(400);
      awaitMore(reads, first, second);
      done.set(true);
      first.get();
      second.get();
    } finally {
      done.set(true);
      pool.shutdown();
    }
    assertThat(cluster.folder("n1").resolve("shards").toFile().list()).hasSize(1);
    assertThat(cluster.folder("n2").resolve("shards").toFile().list()).hasSize(1);
  }

  /** Waits until each has read some more times, or has failed. */
  private static void awaitMore(List<AtomicInteger> reads, Future<?>... readers)
      throws InterruptedException {
    for (int i = 0; i < readers.length; i++) {
      int enough = reads.get(i).get() + 5;
      while (reads.get(i).get() < enough && !readers[i].isDone()) {
        Thread.sleep(5);
      }
    }
  }

  private static void readUntil(AtomicBoolean done, Api api, AtomicInteger reads) {
    boolean restored = false;
    while (!done.get()) {
      long count = api.count("docs");
      assertThat(count).isIn(400L, 750L);
      restored = restored || count == 400;
      assertThat(restored).as("never back to the old").isEqualTo(count == 400);
      reads.incrementAndGet();
    }
  }

  @Test
  void aRestoreGoesOnWhereItWasAfterARestart() throws Exception {
    createDocs();
    one.importObjects("docs", "x", 600, 4);
    JsonNode snapshot =
        one.put("/v1/shards/docs/a/snapshots/backup", "{'ttlSeconds':600}").expect(201).json();
    one.put(
            "/v1/restores/r1/collections/again",
            "{'dimensions':4,'distance':'l2','multiTenant':false,'shards':[{'name':'a','node':'n2'}]}")
        .expect(201);
    String place = "/v1/restores/r1/shards/again/a";
    two.put(place).expect(201);
    String file = snapshot.get("files").get(0).get("name").asText();
    byte[] bytes = one.get("/v1/shards/docs/a/snapshots/backup/files/" + file).bytes();
    two.put(place + "/files/" + file + "?offset=0", Arrays.copyOf(bytes, 100)).expect(200);
    two.post(place + "/sync", "").expect(200);
    two.put(place + "/files/" + file + "?offset=100", new byte[50]).expect(200);
    assertThat(two.put(place + "/files/" + file + "?offset=200", bytes).problem(409))
        .isEqualTo("conflict");
    assertThat(two.put(place + "/files/..%2Fx?offset=0", bytes).status()).isIn(400, 404);
    cluster.stop("n2");
    cluster.start("n2");
    JsonNode found = two.put(place).expect(200).json();
    assertThat(found.get("files").get(0).get("name").asText()).isEqualTo(file);
    assertThat(found.get("files").get(0).get("size").asInt()).isEqualTo(100);
    two.delete(place).expect(204);
    Api.copy(one, "docs/a", "backup", two, "r1", "again/a");
    cluster.stop("n2");
    cluster.start("n2");
    JsonNode committed = two.put(place).expect(200).json();
    assertThat(committed.get("state").asText()).isEqualTo("COMMITTED");
    assertThat(committed.get("objects").asLong())
        .isEqualTo(one.shard("docs", "a").get("objects").asLong());
    one.post("/v1/restores/r1/publish", "{}").expect(200);
    assertThat(two.delete(place).problem(409)).isEqualTo("conflict");
    assertThat(one.count("again")).isEqualTo(one.shard("docs", "a").get("objects").asLong());
  }

  @Test
  void aNodeThatWasDownWhenARestoreWasPublishedDropsWhatItReplaced() throws Exception {
    createDocs();
    one.importObjects("docs", "x", 300, 4);
    snapshotDocs();
    one.put(
            "/v1/restores/r1/collections/docs",
            "{'dimensions':4,'distance':'l2','multiTenant':false,'replace':true,"
                + "'shards':[{'name':'a','node':'n1'},{'name':'b','node':'n1'}]}")
        .expect(201);
    Api.copy(one, "docs/a", "backup", one, "r1", "docs/a");
    Api.copy(two, "docs/b", "backup", one, "r1", "docs/b");
    cluster.stop("n2");
    one.post("/v1/restores/r1/publish", "{}").expect(200);
    assertThat(one.count("docs")).isEqualTo(300);
    cluster.start("n2");
    assertThat(two.count("docs")).isEqualTo(300);
    assertThat(cluster.folder("n2").resolve("shards")).isEmptyDirectory();
  }

  @Test
  void damagedFilesAreNotCommitted() {
    createDocs();
    one.importObjects("docs", "x", 600, 4);
    JsonNode snapshot =
        one.put("/v1/shards/docs/a/snapshots/backup", "{'ttlSeconds':600}").expect(201).json();
    one.put(
            "/v1/restores/r1/collections/again",
            "{'dimensions':4,'distance':'l2','multiTenant':false,'shards':[{'name':'a','node':'n1'}]}")
        .expect(201);
    String place = "/v1/restores/r1/shards/again/a";
    one.put(place).expect(201);
    for (JsonNode file : snapshot.get("files")) {
      String name = file.get("name").asText();
      byte[] bytes = one.get("/v1/shards/docs/a/snapshots/backup/files/" + name).bytes();
      if (name.endsWith(".sst")) {
        bytes[bytes.length / 2] ^= 1;
      }
      one.put(place + "/files/" + name + "?offset=0", bytes).expect(200);
    }
    var commit = one.get("/v1/shards/docs/a/snapshots/backup").json();
    var request = Json.mapper().createObjectNode();
    var files = request.putArray("files");
    commit
        .get("files")
        .forEach(
            file ->
                files
                    .addObject()
                    .put("name", file.get("name").asText())
                    .put("size", file.get("size").asLong())
                    .put("sha256", file.get("sha256").asText()));
    assertThat(one.post(place + "/commit", request).problem(422)).isEqualTo("digest-mismatch");
    assertThat(one.post("/v1/restores/r1/publish", "{}").problem(409)).isEqualTo("conflict");
  }

  @Test
  void aShardWhoseNodeWasWipedIsAtAnotherPlaceAndTheOldOneTakesNothingMore() throws IOException {
    createDocs();
    one.put("/v1/restores/r1/collections/again", swapped(false)).expect(201);
    String shard = "/v1/restores/r1/shards/again/a";
    String place = two.put(shard).expect(201).json().get("place").asText();
    two.put(shard + "/files/CURRENT?offset=0&place=" + place, new byte[16]).expect(200);
    two.post(shard + "/sync?place=" + place, "").expect(200);
    cluster.stop("n2");
    cluster.start("n2");
    assertThat(two.put(shard).expect(200).json().get("place").asText()).isEqualTo(place);
    wipe("n2");
    assertThat(two.get(shard).expect(200).json().get("place").isNull()).isTrue();
    for (int i = 0; i < 2; i++) {
      String bytes = shard + "/files/CURRENT?offset=16&place=" + place;
      assertThat(two.put(bytes, new byte[16]).problem(410)).isEqualTo("place-gone");
      assertThat(two.post(shard + "/sync?place=" + place, "").problem(410)).isEqualTo("place-gone");
      String commit = shard + "/commit?place=" + place;
      assertThat(two.post(commit, "{'files':[{'name':'CURRENT','size':16}]}").problem(410))
          .isEqualTo("place-gone");
      JsonNode anew = two.put(shard).expect(i == 0 ? 201 : 200).json();
      assertThat(anew.get("files")).isEmpty();
      assertThat(anew.get("place").asText()).isNotEqualTo(place);
    }
  }

  private void wipe(String node) throws IOException {
    cluster.stop(node);
    DurableFiles.deleteTree(cluster.folder(node));
    cluster.start(node);
  }

  @Test
  void anyNodeTellsWhereARestorePlacesAShardAndItsOwnWhatIsThere() {
    createDocs();
    one.put("/v1/restores/r1/collections/again", swapped(false)).expect(201);
    String shard = "/v1/restores/r1/shards/again/a";
    for (Api node : List.of(one, two)) {
      JsonNode told = node.get(shard).expect(200).json();
      assertThat(told.get("node").asText()).isEqualTo("n2");
      assertThat(told.get("place").isNull()).isTrue();
    }
    two.put(shard).expect(201);
    two.put(shard + "/files/CURRENT?offset=0", new byte[16]).expect(200);
    two.post(shard + "/sync", "").expect(200);
    JsonNode there = two.get(shard).expect(200).json();
    assertThat(there.get("files").get(0).get("size").asInt()).isEqualTo(16);
    assertThat(there.get("place").asText()).isNotEmpty();
    assertThat(one.get(shard).expect(200).json().get("files")).isEmpty();
    assertThat(one.get("/v1/restores/r1/shards/again/c").problem(404)).isEqualTo("not-found");
    assertThat(one.get("/v1/restores/r2/shards/again/a").problem(404)).isEqualTo("not-found");
  }

  @Test
  void abortingLeavesNothingOnAnyNode() {
    createDocs();
    one.importObjects("docs", "x", 100, 4);
    snapshotDocs();
    one.put("/v1/restores/r1/collections/again", swapped(false)).expect(201);
    copyTo("r1", "again");
    two.delete("/v1/restores/r1").expect(204);
    two.delete("/v1/restores/r1").expect(204);
    assertThat(one.get("/v1/restores?prefix=r").json().get("restores")).isEmpty();
    assertThat(cluster.folder("n1").resolve("shards").toFile().list()).hasSize(1);
    assertThat(cluster.folder("n2").resolve("shards").toFile().list()).hasSize(1);
    assertThat(one.put("/v1/restores/r1/shards/again/b").problem(404)).isEqualTo("not-found");
    one.put("/v1/restores/r2/collections/again", swapped(false)).expect(201);
    cluster.advance(Duration.ofDays(8));
    awaitNoRestores();
  }

  private void awaitNoRestores() {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!one.get("/v1/restores").json().get("restores").isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void singleTenantsAreRestoredBesideOthersAndInactiveOnesStayInactive() {
    one.post(
            "/v1/collections",
            "{'token':'t','name':'mt','dimensions':4,'distance':'l2','multiTenant':true}")
        .expect(201);
    one.post(
            "/v1/collections/mt/tenants",
            "{'token':'t2','tenants':[{'name':'acme','node':'n1'},{'name':'kept','node':'n2'}]}")
        .expect(200);
    one.post("/v1/collections/mt/objects?tenant=acme", Api.batch("a", 0, 9, 4)).expect(200);
    one.post("/v1/collections/mt/objects?tenant=kept", Api.batch("k", 0, 5, 4)).expect(200);
    one.put("/v1/shards/mt/acme/snapshots/backup", "{'ttlSeconds':600}").expect(201);
    one.post("/v1/collections/mt/objects?tenant=acme", Api.batch("later", 0, 9, 4)).expect(200);
    String restore =
        "{'dimensions':4,'distance':'l2','multiTenant':true,'tenantsOnly':true,'replace':REPLACE,"
            + "'shards':[{'name':'acme','node':'n2','status':'INACTIVE'}]}";
    assertThat(
            one.put("/v1/restores/r1/collections/mt", restore.replace("REPLACE", "false"))
                .problem(409))
        .isEqualTo("conflict");
    one.put("/v1/restores/r1/collections/mt", restore.replace("REPLACE", "true")).expect(201);
    Api.copy(one, "mt/acme", "backup", two, "r1", "mt/acme");
    one.post("/v1/restores/r1/publish", "{}").expect(200);
    assertThat(one.get("/v1/collections/mt/count?tenant=acme").problem(422))
        .isEqualTo("tenant-inactive");
    assertThat(two.shard("mt", "acme").get("status").asText()).isEqualTo("INACTIVE");
    one.put("/v1/collections/mt/tenants/acme/status", "{'status':'ACTIVE'}").expect(200);
    assertThat(count("acme")).isEqualTo(9);
    assertThat(count("kept")).isEqualTo(5);
  }

  private int count(String tenant) {
    return one.get("/v1/collections/mt/count?tenant=" + tenant)
        .expect(200)
        .json()
        .get("count")
        .asInt();
  }
}
