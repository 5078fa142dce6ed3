package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.cloud.WeaviateWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person backs a real server up, which goes on being used. */
@Tag("engines")
class WeaviateTest {
  private static final int OBJECTS = 2_000;

  private final Path folder;
  private final WeaviateCluster cluster;
  private final WeaviateApi api;
  private final Workbench bench;

  WeaviateTest(@TempDir Path folder) {
    this.folder = folder;
    this.cluster =
        WeaviateCluster.single(
            folder.resolve("server"),
            folder.resolve("native"),
            Map.of(
                "PERSISTENCE_MEMTABLES_FLUSH_DIRTY_AFTER_SECONDS",
                "2",
                // No compaction: it makes new segments of old ones when nobody expects it.
                "PERSISTENCE_LSM_MAX_SEGMENT_SIZE",
                "1024"));
    this.api = new WeaviateApi(cluster.node(0).address());
    this.bench = Workbench.with(folder);
    configure("");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void configure(String more) {
    Workbench.write(
        folder.resolve("tidemark.yaml"),
        """
        settings: { state: state, chunkSize: 8 }
        vaults: { main: { path: vault } }
        clusters:
        %s%s
        """
            .formatted(Workbench.weaviate("films", cluster, "native", ""), more));
  }

  private JsonNode backup(String id, String... more) {
    List<String> command = new ArrayList<>(List.of("backup", "create", "films"));
    command.addAll(List.of("--id", id, "--wait"));
    command.addAll(List.of(more));
    bench.run(command.toArray(String[]::new)).done();
    return bench.run("backup", "show", id, "--json").done().json();
  }

  private static long stored(JsonNode backup) {
    return backup.path("stored").asLong();
  }

  private Map<String, Long> staged() {
    while (true) {
      try {
        Map<String, Long> staged = new TreeMap<>(Workbench.listing(folder.resolve("native")));
        staged.keySet().removeIf(name -> !name.startsWith("tidemark-"));
        return staged;
      } catch (UncheckedIOException e) {
        // Something went while it was looked at.
      }
    }
  }

  private static void await(BooleanSupplier what) throws InterruptedException {
    for (int i = 0; i < 600 && !what.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(Duration.ofMillis(100).toMillis());
    }
    assertThat(what.getAsBoolean()).isTrue();
  }

  @Test
  void ofLaterBackupsOnlyWhatChangedIsStored() throws InterruptedException {
    api.collection("Films", 1, 1);
    api.store("Films", "", 0, OBJECTS, 1);
    // What is in memory is flushed by a backup: settled, so that the next one changes nothing.
    backup("warm", "--base", "none");

    JsonNode first = backup("first", "--base", "none");
    JsonNode same = backup("same", "--base", "first");
    api.store("Films", "", 0, OBJECTS / 100, 2);
    JsonNode one = backup("one", "--base", "same");
    api.store("Films", "", 0, OBJECTS / 5, 3);
    JsonNode twenty = backup("twenty", "--base", "one");

    System.out.printf(
        "bytes %d; stored: full %d, nothing changed %d, 1 %% changed %d, 20 %% changed %d%n",
        first.path("bytes").asLong(), stored(first), stored(same), stored(one), stored(twenty));
    assertThat(stored(first)).isGreaterThan(1L << 20);
    assertThat(stored(same)).isLessThan(stored(first) / 20);
    assertThat(stored(one)).isLessThan(stored(first) / 5);
    assertThat(stored(twenty)).isLessThan(stored(first) / 2);
    for (String id : List.of("first", "same", "one", "twenty")) {
      bench.run("verify", id, "--level", "full").done();
    }
    assertThat(staged()).isEmpty();
  }

  @Test
  void underAWriterThatNeverStopsTheCensusBracketsWhatIsStored() {
    api.tenants("Tenants", 1, List.of("a", "b", "c"));
    api.store("Tenants", "a", 0, 100, 1);
    api.store("Tenants", "b", 0, 50, 1);
    api.deactivate("Tenants", List.of("b"));
    api.collection("Films", 2, 1);
    JsonNode shown;
    int before;
    try (var writer = new WeaviateWriter(api, "Films")) {
      before = writer.awaits(300);
      shown = backup("live");
      writer.awaits(writer.acknowledged() + 100);
      writer.end();
    }
    assertThat(shown.path("consistency").asText()).isEqualTo("point-in-time");
    assertThat(shown.path("scope").asText()).isEqualTo("unit");
    assertThat(shown.path("engineVersion").asText()).isEqualTo("1.38.11");
    assertThat(api.count("Films", "")).isGreaterThanOrEqualTo(before);
    bench.run("verify", "live", "--level", "full").done();
    JsonNode contents = bench.run("backup", "contents", "live", "--json").done().json();
    assertThat(contents.toString()).contains("Films", "Tenants", "lsm/objects");
    assertThat(staged()).isEmpty();
  }

  /** In the largest blob, where a server would restore it with SUCCESS. */
  private static void flipABit(Path vault) throws IOException {
    try (Stream<Path> files = Files.walk(vault.resolve("data"))) {
      Path largest =
          files
              .filter(Files::isRegularFile)
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(largest);
      bytes[bytes.length / 2] ^= 1;
      Files.write(largest, bytes);
    }
  }

  @Test
  void aProductionBackupIsRestoredIntoALoadTestClusterAndNothingOfItStays() throws IOException {
    api.collection("Films", 2, 1);
    api.store("Films", "", 0, 500, 1);
    api.tenants("Tenants", 1, List.of("a", "b"));
    api.store("Tenants", "a", 0, 100, 1);
    api.store("Tenants", "b", 0, 50, 1);
    api.deactivate("Tenants", List.of("b"));
    api.tenants("Empty", 1, List.of());
    Path natives = folder.resolve("load-native");
    try (var load = WeaviateCluster.single("load", folder.resolve("load"), natives, Map.of())) {
      var there = new WeaviateApi(load.node(0).address());
      configure(Workbench.weaviate("load", load, "load-native", ""));
      JsonNode shown = backup("whole");
      assertThat(shown.path("notIncluded")).isEmpty();
      assertThat(shown.path("alsoIncluded").path("Tenants").asText())
          .isEqualTo("1 tenants active, 1 inactive");
      assertThat(shown.path("alsoIncluded").path("Empty").asText())
          .isEqualTo("0 tenants active, 0 inactive");
      assertThat(shown.path("alsoIncluded").has("users and roles")).isTrue();

      bench.run("restore", "create", "whole", "--into", "load", "--wait").done();

      assertThat(there.objects("Films", "")).isEqualTo(api.objects("Films", ""));
      assertThat(there.objects("Tenants", "a")).isEqualTo(api.objects("Tenants", "a"));
      assertThat(there.tenants("Tenants"))
          .containsExactlyInAnyOrderElementsOf(api.tenants("Tenants"));
      assertThat(there.collections()).containsExactlyInAnyOrder("Films", "Tenants", "Empty");
      assertThat(Workbench.listing(natives)).isEmpty();
      bench.run("restore", "create", "whole", "--into", "load").refused("exists");
      assertThat(Workbench.listing(natives)).isEmpty();
      bench
          .run("restore", "create", "whole", "--into", "load", "--suffix", "Copy", "--wait")
          .done();
      assertThat(there.objects("FilmsCopy", "")).isEqualTo(api.objects("Films", ""));
      there.drop("Films");
      there.drop("Tenants");
      there.drop("Empty");
      flipABit(folder.resolve("vault"));
      bench.run("restore", "create", "whole", "--into", "load", "--wait").failed("data/");
      assertThat(there.collections()).doesNotContain("Films", "Tenants");
    }
  }

  @Test
  void onlyWhatIsWantedIsBackedUp() {
    for (String name : List.of("Films", "FilmsOld", "Books")) {
      api.collection(name, 1, 1);
      api.store(name, "", 0, 20, 1);
    }
    backup("most", "--exclude", "*Old");
    String most = bench.run("backup", "contents", "most", "--json").done().out();
    assertThat(most).contains("Films", "Books").doesNotContain("FilmsOld");
    backup("some", "--include", "Film*");
    String some = bench.run("backup", "contents", "some", "--json").done().out();
    assertThat(some).contains("Films", "FilmsOld").doesNotContain("Books");
    bench.run("backup", "create", "films", "--include", "Nothing").refused("Nothing");
  }

  @Test
  void aCanceledBackupLeavesNothingOnTheServer() throws InterruptedException {
    api.collection("Films", 1, 1);
    api.store("Films", "", 0, 2_000, 1);
    try (Running running = bench.start("backup", "create", "films", "--id", "given-up", "--wait")) {
      await(() -> !staged().isEmpty());
      bench.run("backup", "cancel", "given-up");
      running.answer();
    }
    backup("next");
    await(() -> staged().isEmpty());
  }
}
