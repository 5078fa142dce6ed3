package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection of many small tenants on running nodes. Of more by {@code -Dtenants=2000}. */
class ManyTenantsTest {
  private static final int TENANTS = Integer.getInteger("tenants", 60);
  private static final int AT_ONCE = 60;

  /** So many are in one bin at most. */
  private static final int BIN_SHARDS = 200;

  private final Path folder;

  ManyTenantsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static String tenant(int number) {
    return "t" + number;
  }

  private static void fill(NodeApi api) {
    api.collection("books", Map.of("s0", "n1"));
    api.store("books", "", 0, 100, 1);
    api.tenants("customers", List.of(tenant(0)));
    for (int from = 1; from < TENANTS; from += AT_ONCE) {
      List<String> some =
          IntStream.range(from, Math.min(TENANTS, from + AT_ONCE))
              .mapToObj(ManyTenantsTest::tenant)
              .toList();
      api.moreTenants("customers", "n1", some);
    }
    for (int i = 0; i < TENANTS; i++) {
      api.store("customers", tenant(i), 0, 1 + i % 4, 1);
    }
    api.status("customers", tenant(9), "INACTIVE");
  }

  @Test
  void manyTenantsAreFewUnitsOfWhichOnlyThoseMoveThatChange() throws IOException {
    Path places = Files.createDirectory(folder.resolve("nodes"));
    try (NodeCluster nodes = NodeCluster.start(places, List.of("n1", "n2"))) {
      NodeApi api = nodes.api();
      fill(api);
      NodeBench bench = NodeBench.with(Files.createDirectory(folder.resolve("work")), nodes, "");
      backUpTwice(bench, api);
      restoreOne(bench, api);
      restoreAll(bench, api);
      bench.run("verify", "--all", "--level", "full").done();
      bench.leavesNothingOnceClosed();
    }
  }

  private void backUpTwice(NodeBench bench, NodeApi api) {
    timed("first backup", () -> bench.backup("one"));
    JsonNode one = bench.shown("one");
    assertThat(one.path("units").asInt()).isBetween(2, 5 + TENANTS / 20);
    Set<String> first = objects(bench);
    System.out.printf(
        "%d tenants, %s units, %d objects in the vault%n",
        TENANTS, one.path("units"), first.size());

    timed("unchanged backup", () -> bench.backup("same"));
    assertThat(bench.shown("same").path("stored").asLong()).isZero();
    assertThat(unitsOf(objects(bench), first)).isEmpty();

    List<Integer> pair = pairOfOneBin();
    pair.forEach(each -> api.store("customers", tenant(each), 0, 1, 2));
    Set<String> before = objects(bench);
    timed("backup of two changed tenants", () -> bench.backup("two"));
    assertThat(unitsOf(objects(bench), before)).hasSize(1);
    Set<String> changed = new TreeSet<>();
    for (JsonNode each :
        bench.run("backup", "diff", "one", "two", "--json").done().json().path("differences")) {
      changed.add(each.path("collection").asText() + "/" + each.path("shard").asText());
    }
    assertThat(changed)
        .containsExactlyInAnyOrder(
            "customers/" + tenant(pair.get(0)), "customers/" + tenant(pair.get(1)));
    JsonNode listed =
        bench
            .run("backup", "contents", "two", "--path", "customers/t7", "--json")
            .done()
            .json()
            .path("entries");
    assertThat(listed).isNotEmpty().allMatch(each -> each.path("shard").asText().equals("t7"));
  }

  /**
   * Two tenants of one bin: any two where there is one, else two whose names' hashes begin with the
   * same bits, more than any bin has that small ones fill.
   */
  private static List<Integer> pairOfOneBin() {
    Map<Byte, Integer> seen = new HashMap<>();
    for (int i = 10; i < TENANTS; i++) {
      byte bits = TENANTS <= BIN_SHARDS ? 0 : hash("customers/" + tenant(i))[0];
      Integer other = seen.put(bits, i);
      if (other != null) {
        return List.of(other, i);
      }
    }
    throw new AssertionError("all hashes differ");
  }

  private static byte[] hash(String name) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void restoreOne(NodeBench bench, NodeApi api) {
    bench.restore("two", "--include", "customers/t47", "--rename", "customers=alone");
    assertThat(api.contents("alone", "t47")).isEqualTo(api.contents("customers", "t47"));
    for (JsonNode collection : api.schema().path("collections")) {
      if (collection.path("name").asText().equals("alone")) {
        assertThat(collection.path("shards")).hasSize(1);
      }
    }
    bench
        .run(
            "restore", "create", "two", "--include", "customers/t47", "--rename", "customers=alone")
        .refused("exists");
  }

  /** The restore itself asks whether every tenant counts as many objects as were backed up. */
  private static void restoreAll(NodeBench bench, NodeApi api) {
    timed("restore of all", () -> bench.restore("two", "--suffix", "-copy"));
    for (int i = 0; i < TENANTS; i += 7) {
      assertThat(api.contents("customers-copy", tenant(i)))
          .hasSize(1 + i % 4)
          .isEqualTo(api.contents("customers", tenant(i)));
    }
    api.status("customers-copy", tenant(9), "ACTIVE");
    assertThat(api.count("customers-copy", tenant(9))).isEqualTo(2);
    assertThat(api.contents("books-copy", "")).isEqualTo(api.contents("books", ""));
  }

  private static void timed(String what, Runnable work) {
    long start = System.nanoTime();
    work.run();
    System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
  }

  private static Set<String> objects(NodeBench bench) {
    Path vault = bench.workbench().folder().resolve("vault");
    try (Stream<Path> files = Files.walk(vault)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> vault.relativize(file).toString())
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The units of which there are parts or data that were not there before. */
  private static Set<String> unitsOf(Set<String> now, Set<String> before) {
    return now.stream()
        .filter(each -> !before.contains(each))
        .filter(each -> each.matches("(data|parts)/.*"))
        .map(each -> each.split("/", -1)[2])
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
