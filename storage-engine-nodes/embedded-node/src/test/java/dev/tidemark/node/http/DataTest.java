package dev.tidemark.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.node.Api;
import dev.tidemark.node.TestCluster;
import dev.tidemark.node.files.DurableFiles;
import dev.tidemark.node.files.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTest {
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

  private void create(String name, int dimensions, String distance) {
    two.post(
            "/v1/collections",
            "{'token':'t-%s','name':'%s','dimensions':%d,'distance':'%s','multiTenant':false,'shardCount':3}"
                .formatted(name, name, dimensions, distance))
        .expect(201);
  }

  @Test
  void vectorsComeBackBitForBitFromAnyNode() {
    create("docs", 64, "dot");
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    float[] vector = new float[64];
    for (int i = 0; i < vector.length; i++) {
      do {
        vector[i] = Float.intBitsToFloat(random.nextInt());
      } while (!Float.isFinite(vector[i]));
    }
    vector[0] = -0.0f;
    vector[1] = Float.MIN_VALUE;
    vector[2] = Float.MAX_VALUE;
    ObjectNode batch = Json.mapper().createObjectNode();
    ArrayNode sent = batch.putArray("objects").addObject().put("id", "bits/ü é").putArray("vector");
    for (float component : vector) {
      sent.add(component);
    }
    one.post("/v1/collections/docs/objects", batch).expect(200);
    for (Api node : new Api[] {one, two}) {
      JsonNode found =
          node.get("/v1/collections/docs/objects/bits%2F%C3%BC%20%C3%A9").expect(200).json();
      for (int i = 0; i < vector.length; i++) {
        float got = Float.parseFloat(found.get("vector").get(i).asText());
        assertThat(Float.floatToRawIntBits(got)).isEqualTo(Float.floatToRawIntBits(vector[i]));
      }
    }
  }

  @Test
  void aBatchThatFailsPartlyTellsOfEachObject() {
    create("docs", 2, "l2");
    JsonNode outcome =
        one.post(
                "/v1/collections/docs/objects",
                "{'objects':[{'id':'a','vector':[1,2]},{'id':'b','vector':[1]},{'id':'c','vector':[1e39,0]},"
                    + "{'id':'','vector':[1,2]},{'id':'d','vector':[1,2],'properties':{'x':{'y':1}}},{'id':'e','vector':[3,4]}]}")
            .expect(207)
            .json();
    assertThat(outcome.get("stored").asInt()).isEqualTo(2);
    assertThat(outcome.get("errors").findValuesAsText("index")).containsExactly("1", "2", "3", "4");
    assertThat(outcome.get("errors").get(0).get("problem").get("expected").asText())
        .isEqualTo("2 dimensions");
    assertThat(one.count("docs")).isEqualTo(2);
  }

  @Test
  void countsAreExactWhenObjectsAreReplacedAndDeleted() {
    create("docs", 4, "l2");
    one.importObjects("docs", "x", 500, 4);
    two.importObjects("docs", "x", 700, 4);
    two.delete("/v1/collections/docs/objects/x5").expect(204);
    two.delete("/v1/collections/docs/objects/x5").expect(204);
    assertThat(one.count("docs")).isEqualTo(699);
    assertThat(one.get("/v1/collections/docs/objects/x5").problem(404)).isEqualTo("not-found");
  }

  @Test
  void pagesListEachObjectOnceInTheOrderOfIds() {
    create("docs", 1, "l2");
    one.importObjects("docs", "p", 257, 1);
    var ids = new ArrayList<String>();
    String after = "";
    do {
      JsonNode page = two.get("/v1/collections/docs/objects?limit=50" + after).expect(200).json();
      page.get("objects").forEach(object -> ids.add(object.get("id").asText()));
      after = page.get("next").isNull() ? null : "&after=" + page.get("next").asText();
    } while (after != null);
    assertThat(ids).hasSize(257).isSorted();
    assertThat(new TreeSet<>(ids)).hasSize(257);
  }

  @Test
  void searchIsExactForEachDistance() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    for (String distance : new String[] {"cosine", "dot", "l2"}) {
      var random = new Random(seed);
      create(distance, 8, distance);
      ObjectNode batch = Json.mapper().createObjectNode();
      ArrayNode objects = batch.putArray("objects");
      float[] query = vector(random);
      record Near(String id, double distance) {}
      var expected = new ArrayList<Near>();
      for (int i = 0; i < 300; i++) {
        float[] vector = vector(random);
        ObjectNode object = objects.addObject().put("id", "o" + i);
        ArrayNode sent = object.putArray("vector");
        for (float component : vector) {
          sent.add(component);
        }
        object.putObject("properties").put("even", i % 2 == 0);
        if (i % 2 == 0) {
          expected.add(new Near("o" + i, distance(distance, query, vector)));
        }
      }
      one.post("/v1/collections/" + distance + "/objects", batch).expect(200);
      expected.sort((left, right) -> Double.compare(left.distance(), right.distance()));
      ObjectNode search = Json.mapper().createObjectNode().put("k", 20);
      ArrayNode sent = search.putArray("vector");
      for (float component : query) {
        sent.add(component);
      }
      search.putArray("filter").addObject().put("property", "even").put("equals", true);
      JsonNode hits =
          two.post("/v1/collections/" + distance + "/search", search)
              .expect(200)
              .json()
              .get("hits");
      assertThat(hits.findValuesAsText("id"))
          .isEqualTo(expected.subList(0, 20).stream().map(Near::id).toList());
      assertThat(hits.get(7).get("distance").asDouble())
          .isCloseTo(expected.get(7).distance(), Offset.offset(1e-9));
    }
  }

  private static float[] vector(Random random) {
    float[] vector = new float[8];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextFloat() * 2 - 1;
    }
    return vector;
  }

  private static double distance(String kind, float[] left, float[] right) {
    double dot = 0;
    double leftSquare = 0;
    double rightSquare = 0;
    double difference = 0;
    for (int i = 0; i < left.length; i++) {
      dot += (double) left[i] * right[i];
      leftSquare += (double) left[i] * left[i];
      rightSquare += (double) right[i] * right[i];
      difference += Math.pow((double) left[i] - right[i], 2);
    }
    return switch (kind) {
      case "cosine" -> 1 - dot / Math.sqrt(leftSquare * rightSquare);
      case "dot" -> -dot;
      default -> Math.sqrt(difference);
    };
  }

  @Test
  void rangesFilterNumbersAndStrings() {
    create("docs", 1, "l2");
    one.importObjects("docs", "r", 30, 1);
    assertThat(found("{'vector':[0],'k':100,'filter':[{'property':'number','gte':10,'lt':13}]}"))
        .containsExactly("r10", "r11", "r12");
    assertThat(found("{'vector':[0],'k':1,'filter':[{'property':'number','gt':10.5}]}"))
        .containsExactly("r11");
    assertThat(found("{'vector':[0],'k':9,'filter':[{'property':'set','gt':'r'}]}")).isEmpty();
    assertThat(
            one.post(
                    "/v1/collections/docs/search",
                    "{'vector':[0],'k':9,'filter':[{'property':'set'}]}")
                .problem(400))
        .isEqualTo("invalid-request");
  }

  private Iterable<String> found(String search) {
    return two.post("/v1/collections/docs/search", search)
        .expect(200)
        .json()
        .get("hits")
        .findValuesAsText("id");
  }

  @Test
  void creatingIsIdempotentByItsToken() {
    String body =
        "{'token':'t','name':'docs','dimensions':2,'distance':'l2','multiTenant':false,'shards':[{'name':'x','node':'n2'}]}";
    JsonNode first = two.post("/v1/collections", body).expect(201).json();
    assertThat(one.post("/v1/collections", body).expect(200).json()).isEqualTo(first);
    assertThat(one.post("/v1/collections", body.replace(":2,", ":3,")).problem(409))
        .isEqualTo("conflict");
    assertThat(one.post("/v1/collections", body.replace("'t'", "'u'")).problem(409))
        .isEqualTo("conflict");
    assertThat(one.post("/v1/collections", body.replace("docs", "do/cs")).problem(400))
        .isEqualTo("invalid-request");
    assertThat(first.get("shards").get(0).get("node").asText()).isEqualTo("n2");
  }

  @Test
  void anAliasIsAnotherNameUntilItsCollectionIsDropped() {
    create("docs", 1, "l2");
    one.importObjects("docs", "a", 3, 1);
    two.put("/v1/aliases/live", "{'collection':'docs'}").expect(200);
    assertThat(two.count("live")).isEqualTo(3);
    assertThat(
            one.post(
                    "/v1/collections",
                    "{'token':'z','name':'live','dimensions':1,'distance':'l2','multiTenant':false,'shardCount':1}")
                .problem(409))
        .isEqualTo("conflict");
    two.delete("/v1/collections/docs").expect(204);
    assertThat(one.get("/v1/collections/live/count").problem(404)).isEqualTo("not-found");
    assertThat(cluster.folder("n1").resolve("shards")).isEmptyDirectory();
    assertThat(cluster.folder("n2").resolve("shards")).isEmptyDirectory();
  }

  @Test
  void anInactiveTenantRefusesDataAndKeepsThem() {
    one.post(
            "/v1/collections",
            "{'token':'t','name':'mt','dimensions':1,'distance':'l2','multiTenant':true}")
        .expect(201);
    two.post(
            "/v1/collections/mt/tenants",
            "{'token':'t2','tenants':[{'name':'acme','node':'n2'},{'name':'other'}]}")
        .expect(200);
    one.post("/v1/collections/mt/objects?tenant=acme", Api.batch("a", 0, 7, 1)).expect(200);
    assertThat(one.post("/v1/collections/mt/objects", Api.batch("a", 0, 7, 1)).problem(400))
        .isEqualTo("invalid-request");
    one.put("/v1/collections/mt/tenants/acme/status", "{'status':'INACTIVE'}").expect(200);
    assertThat(one.get("/v1/collections/mt/count?tenant=acme").problem(422))
        .isEqualTo("tenant-inactive");
    assertThat(
            one.post("/v1/collections/mt/objects?tenant=acme", Api.batch("b", 0, 1, 1))
                .problem(422))
        .isEqualTo("tenant-inactive");
    assertThat(two.shard("mt", "acme").get("status").asText()).isEqualTo("INACTIVE");
    assertThat(two.shard("mt", "acme").get("objects").asInt()).isEqualTo(7);
    JsonNode snapshot =
        two.put("/v1/shards/mt/acme/snapshots/s", "{'ttlSeconds':60}").expect(201).json();
    assertThat(snapshot.get("objects").asInt()).isEqualTo(7);
    assertThat(two.shard("mt", "acme").get("status").asText()).isEqualTo("INACTIVE");
    two.put("/v1/collections/mt/tenants/acme/status", "{'status':'ACTIVE'}").expect(200);
    assertThat(
            one.get("/v1/collections/mt/count?tenant=acme").expect(200).json().get("count").asInt())
        .isEqualTo(7);
  }

  @Test
  void aNodeThatLostItsDataSaysSoAndIsAnotherIncarnation() throws IOException {
    create("docs", 1, "l2");
    one.importObjects("docs", "a", 50, 1);
    String before = two.get("/v1/node").json().get("incarnation").asText();
    cluster.stop("n2");
    assertThat(one.get("/v1/collections/docs/count").problem(503)).isEqualTo("node-unreachable");
    DurableFiles.deleteTree(cluster.folder("n2"));
    cluster.start("n2");
    assertThat(two.get("/v1/node").json().get("incarnation").asText()).isNotEqualTo(before);
    assertThat(one.get("/v1/collections/docs/count").problem(409)).isEqualTo("shard-lost");
    assertThat(two.shard("docs", "s1").get("status").asText()).isEqualTo("LOST");
    assertThat(one.shard("docs", "s0").get("status").asText()).isEqualTo("READY");
  }

  @Test
  void aNodeOfAnotherClusterKeepsItsDataUntilItIsEmptied() throws IOException {
    create("docs", 1, "l2");
    one.importObjects("docs", "a", 50, 1);
    long kept = two.shard("docs", "s1").get("objects").asLong();
    cluster.stop("n1");
    DurableFiles.deleteTree(cluster.folder("n1"));
    cluster.start("n1");
    assertThat(one.get("/v1/collections/docs").problem(404)).isEqualTo("not-found");
    assertThat(
            one.post(
                    "/v1/collections",
                    "{'token':'t','name':'docs','dimensions':1,'distance':'l2','multiTenant':false,'shards':[{'name':'x','node':'n2'}]}")
                .problem(409))
        .isEqualTo("conflict");
    assertThat(two.shard("docs", "s1").get("objects").asLong()).isEqualTo(kept).isPositive();
    cluster.stop("n2");
    DurableFiles.deleteTree(cluster.folder("n2"));
    cluster.start("n2");
    assertThat(two.get("/v1/cluster").json().get("clusterId"))
        .isEqualTo(one.get("/v1/cluster").json().get("clusterId"));
  }

  @Test
  void aNodeWorksByItsCopyOfTheSchemaWhileTheSchemaNodeIsDown() throws IOException {
    two.post(
            "/v1/collections",
            "{'token':'t','name':'docs','dimensions':1,'distance':'l2','multiTenant':false,'shards':[{'name':'x','node':'n2'}]}")
        .expect(201);
    two.importObjects("docs", "a", 5, 1);
    cluster.stop("n1");
    cluster.stop("n2");
    cluster.start("n2");
    assertThat(two.count("docs")).isEqualTo(5);
    assertThat(two.delete("/v1/collections/docs").problem(503)).isEqualTo("node-unreachable");
  }

  @Test
  void callsWithoutTheKeyAreRefusedAndOnlyHealthIsOpen() throws Exception {
    var http = HttpClient.newHttpClient();
    URI url = one.request("/").build().uri();
    for (String path : new String[] {"/v1/node", "/openapi", "/v1/nowhere"}) {
      var answer =
          http.send(
              HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer x").build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
    }
    for (String path : new String[] {"/v1/live", "/v1/ready"}) {
      var answer =
          http.send(HttpRequest.newBuilder(url.resolve(path)).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void requestsThatAreNotValidAreProblemDocuments() {
    create("docs", 1, "l2");
    assertThat(one.get("/v1/nowhere").problem(404)).isEqualTo("not-found");
    assertThat(one.post("/v1/collections/docs/search", "{'vector':").problem(400))
        .isEqualTo("invalid-request");
    assertThat(one.post("/v1/collections/docs/search", "{'vector':[1],'k':1,'kk':2}").problem(400))
        .isEqualTo("invalid-request");
    assertThat(one.post("/v1/collections/docs/search", "{'vector':[1,2],'k':1}").problem(400))
        .isEqualTo("invalid-request");
    assertThat(one.get("/v1/collections/docs/objects?limit=0").problem(400))
        .isEqualTo("invalid-request");
    assertThat(one.post("/v1/collections/docs/objects", "x".repeat((64 << 20) + 1)).problem(413))
        .isEqualTo("too-large");
    assertThat(one.get("/openapi").expect(200).bytes()).asString().contains("/v1/restores/{token}");
  }
}
