package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups and restores of running clusters: all of one, some of it, elsewhere, under other names.
 */
class WholeClusterTest {
  @TempDir static Path places = Path.of("/");
  private static @Nullable NodeCluster pair;
  private static @Nullable NodeCluster single;

  private final Path folder;

  WholeClusterTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void start() throws IOException {
    pair = NodeCluster.start(Files.createDirectory(places.resolve("pair")), List.of("n1", "n2"));
    single = NodeCluster.start(Files.createDirectory(places.resolve("single")), List.of("m1"));
  }

  @AfterAll
  static void stop() {
    pair().close();
    single().close();
  }

  private static NodeCluster pair() {
    return Objects.requireNonNull(pair);
  }

  private static NodeCluster single() {
    return Objects.requireNonNull(single);
  }

  @BeforeEach
  void fill() {
    clear(single());
    clear(pair());
    NodeApi api = pair().api();
    api.collection("books", Map.of("s0", "n1", "s1", "n2"));
    api.store("books", "", 0, 800, 1);
    api.tenants("customers", List.of("acme", "globex", "initech"));
    api.store("customers", "acme", 0, 50, 1);
    api.store("customers", "globex", 0, 60, 1);
    api.store("customers", "initech", 0, 70, 1);
    api.status("customers", "globex", "INACTIVE");
    api.alias("live", "books");
  }

  private static void clear(NodeCluster nodes) {
    NodeBench.forget(nodes);
    NodeApi api = nodes.api();
    api.schema().path("collections").forEach(each -> api.drop(each.path("name").asText()));
  }

  @Test
  void aClusterThatWasWipedComesBackWithAliasesAndInactiveTenants() {
    NodeBench bench = NodeBench.with(folder, pair(), "");
    var books = pair().api().contents("books", "");
    var acme = pair().api().contents("customers", "acme");
    bench.backup("b");
    List.of("n1", "n2").forEach(pair()::wipe);
    pair().startAll();
    bench.restore("b");
    assertThat(pair().api().contents("live", "")).isEqualTo(books);
    assertThat(pair().api().contents("customers", "acme")).isEqualTo(acme);
    assertThat(tenantStatus("customers", "globex")).isEqualTo("INACTIVE");
    pair().api().status("customers", "globex", "ACTIVE");
    assertThat(pair().api().count("customers", "globex")).isEqualTo(60);
    bench.leavesNothing();
    bench.backup("after");
    assertThat(bench.shown("after").path("base").isNull()).as("another incarnation").isTrue();
    bench.run("verify", "--all", "--level", "full").done();
  }

  @Test
  void collectionsAndSingleTenantsAreChosen() {
    NodeBench bench = NodeBench.with(folder, pair(), "");
    bench.backup("some", "--include", "books");
    assertThat(bench.shown("some").path("collections"))
        .extracting(JsonNode::asText)
        .containsExactly("books");
    bench.backup("others", "--exclude", "books");
    assertThat(bench.shown("others").path("units").asInt()).isEqualTo(3);
    pair().api().store("customers", "acme", 0, 90, 2);
    pair().api().store("customers", "initech", 0, 90, 2);
    bench.run("restore", "create", "others", "--include", "customers/acme").refused("exists");
    bench.restore("others", "--include", "customers/acme", "--replace");
    assertThat(pair().api().count("customers", "acme")).as("as it was").isEqualTo(50);
    assertThat(pair().api().count("customers", "initech")).as("untouched").isEqualTo(90);
    assertThat(tenantStatus("customers", "globex")).isEqualTo("INACTIVE");
    bench.run("restore", "create", "some", "--include", "books/s0").refused("all of them");
    bench.run("backup", "create", "vectors", "--include", "nothing").refused("nothing");
    bench.leavesNothing();
  }

  @Test
  void aRestoreGoesOntoFewerNodesAndOntoMoreAndUnderOtherNames() {
    NodeBench bench = NodeBench.with(folder, pair(), "");
    bench.knowing("lone", single().addresses(), "apiKey: \"file:key\"");
    var books = pair().api().contents("books", "");
    bench.backup("b");
    bench.restore("b", "--into", "lone", "--suffix", "-old");
    assertThat(single().api().contents("books-old", "")).isEqualTo(books);
    assertThat(single().api().count("customers-old", "acme")).isEqualTo(50);
    bench.run("backup", "create", "lone", "--id", "l", "--include", "books-old").done();
    bench.restore("l", "--cluster", "lone", "--into", "vectors", "--rename", "books-*=new-*");
    assertThat(pair().api().contents("new-old", "")).isEqualTo(books);
    assertThat(pair().api().contents("live", "")).as("the alias stays").isEqualTo(books);
    assertThat(single().api().restores()).isEmpty();
    bench.leavesNothing();
  }

  @Test
  void aPlanAndARefusalStartNothingAndDownloadNothing() {
    NodeBench bench = NodeBench.with(folder, pair(), "");
    bench.backup("b");
    int version = pair().api().schema().path("version").asInt();
    Answer plan = bench.run("restore", "create", "b", "--plan").ends(2);
    assertThat(plan.out()).contains("books/s0", "exists", "node n1");
    bench.run("restore", "create", "b", "--plan", "--suffix", "-2").done();
    bench.run("restore", "create", "b").refused("books/s0", "exists");
    assertThat(bench.run("run", "list").done().out()).doesNotContain("RESTORE");
    assertThat(pair().api().schema().path("version").asInt()).isEqualTo(version);
    assertThat(pair().data("n1").resolve("restores"))
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(), path -> assertThat(path).isEmptyDirectory());
    bench.leavesNothing();
  }

  @Test
  void aReplacedCollectionIsSwappedAtOneMoment() throws ExecutionException, InterruptedException {
    NodeBench bench = NodeBench.with(folder, pair(), "");
    bench.backup("b", "--include", "books");
    NodeApi api = pair().api();
    api.store("books", "", 0, 800, 2);
    var stop = new AtomicBoolean();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    var answers = new AtomicInteger();
    Future<List<Set<Integer>>> seen =
        thread.submit(
            () -> {
              List<Set<Integer>> all = new ArrayList<>();
              while (!stop.get()) {
                all.add(api.versionsInOneAnswer("live"));
                answers.incrementAndGet();
              }
              return all;
            });
    try {
      NodeBench.await("an answer before", () -> seen.isDone() || answers.get() > 0);
      bench.restore("b", "--replace");
      // The next one may have been asked for before.
      int before = answers.get();
      NodeBench.await("an answer after", () -> seen.isDone() || answers.get() > before + 1);
    } finally {
      stop.set(true);
      thread.shutdown();
    }
    assertThat(seen.get()).startsWith(Set.of(2)).endsWith(Set.of(1));
    assertThat(seen.get().stream().distinct()).containsExactly(Set.of(2), Set.of(1));
    assertThat(api.count("books", "")).isEqualTo(800);
  }

  private static String tenantStatus(String collection, String tenant) {
    for (JsonNode each : pair().api().schema().path("collections")) {
      if (each.path("name").asText().equals(collection)) {
        for (JsonNode shard : each.path("shards")) {
          if (shard.path("name").asText().equals(tenant)) {
            return shard.path("status").asText();
          }
        }
      }
    }
    throw new AssertionError("no tenant " + tenant);
  }
}
