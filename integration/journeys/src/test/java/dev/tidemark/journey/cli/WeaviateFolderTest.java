package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.cloud.WeaviateWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The old way: the data folder of a node is backed up as files, of a server that is stopped, that a
 * hook holds still, or that goes on. What is restored a server of the same name opens.
 */
@Tag("engines")
class WeaviateFolderTest {
  private static final int OBJECTS = 600;

  /** Of numbers that no object has before. */
  private static final int LATER = 100_000;

  private final Path folder;
  private final WeaviateCluster cluster;
  private final WeaviateApi api;
  private final Workbench bench;

  WeaviateFolderTest(@TempDir Path folder) {
    this.folder = folder;
    this.cluster =
        WeaviateCluster.single(
            folder.resolve("servers"),
            folder.resolve("native"),
            // A flush would take files away from who reads a running server's.
            Map.of("PERSISTENCE_MEMTABLES_FLUSH_DIRTY_AFTER_SECONDS", "600"));
    this.api = new WeaviateApi(cluster.node(0).address());
    this.bench = Workbench.with(folder);
    configure("");
    api.collection("Films", 2, 1);
    api.tenants("Tenants", 1, List.of("a", "b"));
    api.store("Tenants", "a", 0, 50, 1);
    api.store("Tenants", "b", 0, 30, 1);
    api.deactivate("Tenants", List.of("b"));
    api.alias("Latest", "Films");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void configure(String hooks) {
    Workbench.write(
        folder.resolve("tidemark.yaml"),
        """
        settings: { state: state, chunkSize: 8 }
        vaults: { main: { path: vault } }
        clusters:
          node:
            engine: directory
            vault: main
            roots: [ { name: data, path: servers/weaviate-0/data } ]
        %s
        """
            .formatted(hooks));
  }

  private JsonNode backup(String id) {
    bench.run("backup", "create", "node", "--id", id).done();
    JsonNode shown = bench.run("backup", "show", id, "--json").done().json();
    assertThat(shown.path("consistency").asText()).isEqualTo("crash");
    return shown;
  }

  /** A new server, of the old one's name, on the files of a backup. */
  private WeaviateCluster reopened(String id) {
    bench.run("restore", "create", id, "--to", "again/weaviate-0").done();
    return WeaviateCluster.single(
        folder.resolve("again"), folder.resolve("native-again"), Map.of());
  }

  private static Set<String> ids(int to) {
    return IntStream.range(0, to).mapToObj(WeaviateApi::id).collect(Collectors.toSet());
  }

  private void requireTenantsAndAlias(WeaviateApi there) {
    assertThat(there.collections()).containsExactlyInAnyOrder("Films", "Tenants");
    assertThat(there.aliases()).isEqualTo(Map.of("Latest", "Films"));
    assertThat(there.tenants("Tenants"))
        .containsExactlyInAnyOrderElementsOf(api.tenants("Tenants"));
    there.activate("Tenants", List.of("b"));
    assertThat(there.count("Tenants", "a")).isEqualTo(50);
    assertThat(there.count("Tenants", "b")).isEqualTo(30);
  }

  @Test
  void aStoppedNodeComesBackWithAllItHad() {
    api.store("Films", "", 0, OBJECTS, 1);
    Map<String, String> objects = api.objects("Films", "");
    cluster.node(0).stop();

    JsonNode shown = backup("stopped");

    assertThat(shown.path("notes")).isEmpty();
    cluster.node(0).launch();
    cluster.node(0).await();
    try (WeaviateCluster again = reopened("stopped")) {
      var there = new WeaviateApi(again.node(0).address());
      assertThat(there.objects("Films", "")).isEqualTo(objects);
      assertThat(there.nearest("Films", "", 7, 1)).containsExactly(WeaviateApi.id(7));
      requireTenantsAndAlias(there);
    }
  }

  /** As a freeze of the file system would, or a snapshot of its volume. */
  @Test
  void aNodeThatAHookHoldsStillComesBackAsAfterALossOfPower() {
    String pid = String.valueOf(cluster.node(0).pid());
    configure(
        """
            hooks:
              before: { run: [kill, '-STOP', '%s'] }
              after: { run: [kill, '-CONT', '%s'] }
        """
            .formatted(pid, pid));
    try (var writer = new WeaviateWriter(api, "Films")) {
      int before = writer.awaits(OBJECTS);

      JsonNode shown = backup("held");

      assertThat(shown.path("notes")).isEmpty();
      writer.awaits(writer.acknowledged() + 100);
      writer.end();
      requireOpens("held", before);
    }
  }

  /**
   * Objects that were stored before the backup began are there, and stay. Of those that were stored
   * meanwhile some are there and some are not, and what is stored later may take their place: a
   * shard's counter was read before its objects.
   */
  @Test
  void aRunningNodeComesBackWithWhatWasAcknowledgedBeforeItsBackup() {
    try (var writer = new WeaviateWriter(api, "Films")) {
      int before = writer.awaits(OBJECTS);

      JsonNode shown = backup("running");

      // No file went away under the reader, so nothing was flushed or compacted meanwhile.
      assertThat(shown.path("notes").has("vanished")).as(shown.path("notes").toString()).isFalse();
      writer.awaits(writer.acknowledged() + 100);
      writer.end();
      requireOpens("running", before);
    }
  }

  private void requireOpens(String id, int before) {
    Map<String, String> expected = api.objects("Films", "");
    expected.keySet().retainAll(ids(before));
    try (WeaviateCluster again = reopened(id)) {
      var there = new WeaviateApi(again.node(0).address());
      System.out.printf(
          "%s: %d acknowledged before, %d there%n", id, before, there.count("Films", ""));
      assertThat(there.objects("Films", "")).containsAllEntriesOf(expected);
      requireTenantsAndAlias(there);
      there.store("Films", "", LATER, LATER + 500, 1);
      assertThat(there.objects("Films", "")).containsAllEntriesOf(expected);
      requireFound(there, before);
    }
  }

  /**
   * Most of them by their own vectors: an index that was cut off may have lost the way to some,
   * whose neighbours were being linked anew at that moment, as after any loss of power.
   */
  private static void requireFound(WeaviateApi there, int before) {
    int asked = 0;
    int found = 0;
    for (int i = 0; i < before; i += 7) {
      asked++;
      found += there.nearest("Films", "", i, 3).contains(WeaviateApi.id(i)) ? 1 : 0;
    }
    System.out.printf("searches find %d of %d%n", found, asked);
    assertThat(found).isGreaterThan(asked * 9 / 10);
  }
}
