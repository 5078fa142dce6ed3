package dev.tidemark.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.node.Api;
import dev.tidemark.node.TestCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints how long a process takes for 50 000 objects of 128 dimensions in 2 shards. */
@Tag("slow")
class SpeedTest {
  private static final int OBJECTS = 50_000;
  private static final int BATCH = 1000;

  @Test
  void fiftyThousandObjectsAreImportedSearchedAndSnapshotted(@TempDir Path folder)
      throws Exception {
    var options =
        NodeProcess.options(folder, "n1", "n1=http://127.0.0.1:" + TestCluster.freePort());
    long begin = System.nanoTime();
    try (var node = NodeProcess.start(folder, options).awaitReady()) {
      tell("start", begin);
      Api api = node.api();
      api.post(
              "/v1/collections",
              "{'token':'t','name':'docs','dimensions':128,'distance':'cosine','multiTenant':false,'shardCount':2}")
          .expect(201);
      List<String> batches = batches(new Random(1));
      begin = System.nanoTime();
      importAll(api, batches);
      tell("import of " + OBJECTS + " by 2 writers", begin);
      assertThat(api.count("docs")).isEqualTo(OBJECTS);
      String search = "{'vector':" + vector(new Random(2)) + ",'k':10}";
      for (int i = 0; i < 8; i++) {
        begin = System.nanoTime();
        api.post("/v1/collections/docs/search", search).expect(200);
        tell("exact search", begin);
      }
      for (String name : List.of("first", "second")) {
        begin = System.nanoTime();
        api.put("/v1/shards/docs/s0/snapshots/" + name, "{'ttlSeconds':60}").expect(201);
        tell(name + " snapshot of a shard", begin);
      }
    }
  }

  private static void importAll(Api api, List<String> batches) throws Exception {
    var pool = Executors.newFixedThreadPool(2);
    try {
      var calls = new ArrayList<Callable<Api.Answer>>();
      for (String batch : batches) {
        calls.add(() -> api.post("/v1/collections/docs/objects", batch).expect(200));
      }
      for (Future<Api.Answer> call : pool.invokeAll(calls)) {
        call.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private static List<String> batches(Random random) {
    var batches = new ArrayList<String>();
    for (int from = 0; from < OBJECTS; from += BATCH) {
      var batch = new StringBuilder("{'objects':[");
      for (int i = from; i < from + BATCH; i++) {
        batch.append(i == from ? "" : ",").append("{'id':'o" + i + "','vector':");
        batch.append(vector(random)).append(",'properties':{'n':" + i + "}}");
      }
      batches.add(batch.append("]}").toString());
    }
    return batches;
  }

  private static String vector(Random random) {
    var text = new StringBuilder("[");
    for (int d = 0; d < 128; d++) {
      text.append(d == 0 ? "" : ",").append(random.nextFloat());
    }
    return text.append(']').toString();
  }

  private static void tell(String what, long begin) {
    System.out.printf("%s: %d ms%n", what, (System.nanoTime() - begin) / 1_000_000);
  }
}
