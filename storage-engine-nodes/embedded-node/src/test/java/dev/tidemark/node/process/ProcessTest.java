package dev.tidemark.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.node.Api;
import dev.tidemark.node.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTest {
  @TempDir private Path folder = Path.of("");

  private static final String CREATE =
      "{'token':'t','name':'docs','dimensions':8,'distance':'l2','multiTenant':false,'shardCount':2}";

  private String oneNode() throws IOException {
    return "n1=http://127.0.0.1:" + TestCluster.freePort();
  }

  @Test
  void everythingAcknowledgedIsThereAfterKill9() throws Exception {
    List<String> options = NodeProcess.options(folder, "n1", oneNode());
    options.add("--memtable=100000");
    List<Integer> acknowledged = new CopyOnWriteArrayList<>();
    for (int round = 0; round < 2; round++) {
      try (var node = NodeProcess.start(folder, options).awaitReady()) {
        Api api = node.api();
        api.post("/v1/collections", CREATE);
        var pool = Executors.newSingleThreadExecutor();
        int first = round * 100_000;
        Future<?> writer =
            pool.submit(
                () -> {
                  for (int at = first; ; at += 50) {
                    api.post("/v1/collections/docs/objects", Api.batch("k", at, at + 50, 8))
                        .expect(200);
                    acknowledged.add(at);
                  }
                });
        // Enough for tables beside the log of writes.
        awaitMore(acknowledged, 60, writer);
        api.put("/v1/shards/docs/s0/snapshots/at" + round, "{'ttlSeconds':600}").expect(201);
        awaitMore(acknowledged, 5, writer);
        node.kill();
        assertThatThrownBy(writer::get).hasCauseInstanceOf(UncheckedIOException.class);
        pool.shutdown();
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(10);
    try (var node = NodeProcess.start(folder, options).awaitReady()) {
      Api api = node.api();
      Map<String, Double> found = listed(api);
      for (int at : acknowledged) {
        for (int i = at; i < at + 50; i++) {
          assertThat(found).containsEntry("k" + i, (double) i);
        }
      }
      assertThat(api.count("docs")).isEqualTo(found.size());
      api.get("/v1/shards/docs/s0/snapshots/at0").expect(200);
      node.terminate();
      assertThat(node.text()).doesNotContain("did not close");
    }
  }

  private static void awaitMore(List<Integer> acknowledged, int batches, Future<?> writer)
      throws InterruptedException {
    int enough = acknowledged.size() + batches;
    while (acknowledged.size() < enough) {
      assertThat(writer.isDone()).as("the writer has ended").isFalse();
      Thread.sleep(5);
    }
  }

  /** The first component of each object's vector, by id. */
  private static Map<String, Double> listed(Api api) {
    var found = new HashMap<String, Double>();
    String after = "";
    do {
      JsonNode page = api.get("/v1/collections/docs/objects?limit=1000" + after).expect(200).json();
      for (JsonNode object : page.get("objects")) {
        found.put(object.get("id").asText(), object.get("vector").get(0).asDouble());
      }
      after = page.get("next").isNull() ? "" : "&after=" + page.get("next").asText();
    } while (!after.isEmpty());
    return found;
  }

  @Test
  void aSecondProcessOnTheDataFolderIsRefused() throws Exception {
    String nodes = oneNode();
    try (var first =
            NodeProcess.start(folder, NodeProcess.options(folder, "n1", nodes)).awaitReady();
        var second = NodeProcess.start(folder, NodeProcess.options(folder, "n1", oneNode()))) {
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.text()).contains("locked").contains("stop the other node");
      first.api().get("/v1/ready").expect(200);
    }
  }

  @Test
  void optionsThatAreNotValidAreRefusedWithExitCode2() throws Exception {
    List<String> options = NodeProcess.options(folder, "n1", oneNode());
    options.set(0, "--name=other");
    try (var node = NodeProcess.start(folder, options)) {
      assertThat(node.exitCode()).isEqualTo(2);
      assertThat(node.text()).contains("--name").contains("[n1]");
      assertThat(folder.resolve("n1")).doesNotExist();
    }
  }

  @Test
  void nodesTalkByTlsAndClientsNeedACertificate() throws Exception {
    var identity = Certificates.make(folder, "node");
    var stranger = Certificates.make(folder, "stranger");
    String nodes =
        "n1=https://127.0.0.1:%d,n2=https://127.0.0.1:%d"
            .formatted(TestCluster.freePort(), TestCluster.freePort());
    List<String> tls =
        List.of(
            "--tls-certificate=" + identity.certificate(),
            "--tls-key=" + identity.key(),
            "--tls-client-ca=" + identity.certificate(),
            "--tls-ca=" + identity.certificate());
    var one = NodeProcess.options(folder, "n1", nodes);
    var two = NodeProcess.options(folder, "n2", nodes);
    one.addAll(tls);
    two.addAll(tls);
    try (var first = NodeProcess.start(folder, one);
        var second = NodeProcess.start(folder, two)) {
      first.awaitReady();
      second.awaitReady();
      URI url = URI.create(nodes.replaceAll(".*n2=", ""));
      Api api = new Api(url, client(List.of(identity), identity));
      api.post("/v1/collections", CREATE).expect(201);
      api.importObjects("docs", "x", 300, 8);
      assertThat(api.count("docs")).isEqualTo(300);
      for (List<Certificates> shown : List.of(List.<Certificates>of(), List.of(stranger))) {
        Api refused = new Api(url, client(shown, identity));
        assertThatThrownBy(() -> refused.get("/v1/live")).isInstanceOf(UncheckedIOException.class);
      }
    }
  }

  private static HttpClient client(List<Certificates> shown, Certificates trusted)
      throws Exception {
    return HttpClient.newBuilder().sslContext(Certificates.context(shown, trusted)).build();
  }

  @Test
  void aFullDiskRefusesWritesLosesNothingAndCanBeFreed() throws Exception {
    List<String> options = NodeProcess.options(folder, "n1", oneNode());
    options.add("--memtable=200000000");
    List<String> acknowledged = new ArrayList<>();
    // No file may grow beyond 24 MiB: the log of writes hits that as it would a full disk.
    try (var node =
        NodeProcess.start(folder, options, "ulimit -f $((24*1024*1024/512));").awaitReady()) {
      Api api = node.api();
      api.post("/v1/collections", CREATE.replace("'shardCount':2", "'shardCount':1")).expect(201);
      String filler = "f".repeat(60_000);
      int number = 0;
      Api.Answer answer;
      do {
        StringBuilder batch = new StringBuilder("{'objects':[");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          String id = "f" + number++;
          ids.add(id);
          batch
              .append(i == 0 ? "" : ",")
              .append("{'id':'" + id + "','vector':[1,2,3,4,5,6,7,8],'properties':{'p':'")
              .append(filler)
              .append("'}}");
        }
        answer = api.post("/v1/collections/docs/objects", batch.append("]}").toString());
        if (answer.status() == 200) {
          acknowledged.addAll(ids);
        }
      } while (answer.status() == 200 && number < 2000);
      assertThat(answer.problem(507)).isEqualTo("shard-readonly");
      assertThat(api.shard("docs", "s0").get("status").asText()).isEqualTo("READONLY");
      assertThat(api.get("/v1/collections/docs/objects/f0").status()).isEqualTo(200);
      node.kill();
    }
    try (var node = NodeProcess.start(folder, options).awaitReady()) {
      Api api = node.api();
      assertThat(acknowledged).hasSizeGreaterThan(100);
      for (String id : acknowledged) {
        api.get("/v1/collections/docs/objects/" + id).expect(200);
      }
      assertThat(api.post("/v1/collections/docs/objects", Api.batch("n", 0, 1, 8)).problem(507))
          .isEqualTo("shard-readonly");
      api.post("/v1/shards/docs/s0/status", "{'status':'READY'}").expect(200);
      api.post("/v1/collections/docs/objects", Api.batch("n", 0, 1, 8)).expect(200);
    }
  }
}
