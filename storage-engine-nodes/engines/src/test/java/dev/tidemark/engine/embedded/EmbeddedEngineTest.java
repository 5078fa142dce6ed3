package dev.tidemark.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.StorageEngineContract;
import dev.tidemark.contract.StorageEngineEnvironment;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.engine.embedded.EmbeddedConfig.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine over two real node processes. */
class EmbeddedEngineTest {
  private static final AtomicInteger DEPLOYMENTS = new AtomicInteger();

  private static final Duration BRIEFLY = Duration.ofSeconds(2);

  private String deployment = "";
  private static final List<String> NODES = List.of("n1", "n2");

  @TempDir static Path folder = Path.of("/");
  private static @Nullable NodeCluster started;

  @BeforeAll
  static void start() {
    started = NodeCluster.start(folder, NODES);
  }

  @AfterAll
  static void stop() {
    cluster().close();
  }

  @BeforeEach
  void fill() {
    cluster().startAll();
    deployment = "d" + DEPLOYMENTS.incrementAndGet();
    NodeApi api = cluster().api();
    api.restores().forEach(api::abortRestore);
    api.schema().path("collections").forEach(each -> api.drop(each.path("name").asText()));
    api.collection("books", Map.of("s0", "n1"));
    api.store("books", "", 0, 600, 1);
    api.collection("films", Map.of("s0", "n1", "s1", "n2"));
    api.store("films", "", 0, 100, 1);
    api.tenants("customers", List.of("acme", "globex", "initech"));
    api.store("customers", "acme", 0, 20, 1);
    api.store("customers", "globex", 0, 30, 1);
    api.status("customers", "globex", "INACTIVE");
    api.alias("live", "books");
    // The user's, though it looks like ours.
    api.snapshot("n1", "books", "s0", "tidemark-" + deployment);
  }

  private RunToken run() {
    return new RunToken(deployment, "aaaaaaaaaaaa");
  }

  private static NodeCluster cluster() {
    return Objects.requireNonNull(started);
  }

  private static StorageEngine open(MissingNode onMissingNode) {
    return open(onMissingNode, Duration.ofHours(1));
  }

  private static StorageEngine open(MissingNode onMissingNode, Duration snapshotTtl) {
    Map<String, URI> nodes = new TreeMap<>();
    cluster().addresses().forEach((name, address) -> nodes.put(name, URI.create(address)));
    return new EmbeddedEngine(
        new EmbeddedConfig(
            "vectors",
            new TreeMap<>(nodes),
            "env:KEY",
            null,
            snapshotTtl,
            onMissingNode,
            0,
            Duration.ofSeconds(3)),
        reference -> NodeCluster.KEY);
  }

  @Nested
  class Contract implements StorageEngineContract {
    @Override
    public StorageEngineEnvironment environment() {
      return new Place();
    }
  }

  private final class Place implements StorageEngineEnvironment {
    @Override
    public String deployment() {
      return deployment;
    }

    @Override
    public StorageEngine open() {
      return EmbeddedEngineTest.open(MissingNode.FAIL);
    }

    @Override
    public StorageEngine openBriefly() {
      return EmbeddedEngineTest.open(MissingNode.FAIL, BRIEFLY);
    }

    @Override
    public void change() {
      cluster().api().store("books", "", 300, 1_000, 2);
    }

    @Override
    public void recreate() {
      NODES.forEach(cluster()::wipe);
      cluster().startAll();
    }

    @Override
    public Object belongings() {
      NodeApi api = cluster().api();
      JsonNode schema = api.schema().deepCopy();
      ((ObjectNode) schema).remove("version");
      return List.of(
          schema,
          api.contents("books", ""),
          api.contents("customers", "acme"),
          api.snapshots("n1", ""),
          api.snapshots("n2", ""));
    }

    /** What a disk that is replaced does, to the shards of restores alone. */
    @Override
    public void loseBegun() {
      NODES.forEach(cluster()::kill);
      for (String node : NODES) {
        Path shards = cluster().data(node).resolve("shards");
        try (Stream<Path> all = Files.list(shards)) {
          for (Path shard : all.toList()) {
            if (Files.readString(shard.resolve("origin.json")).contains("\"place\":\"")) {
              NodeCluster.delete(shard);
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      cluster().startAll();
    }

    @Override
    public String place() {
      return "";
    }

    @Override
    public Map<?, String> content(Shard shard, UnitReader snapshot) {
      return cluster().api().contents(shard.collection(), "");
    }

    @Override
    public Map<?, String> at(TargetUnit target) {
      for (JsonNode collection : cluster().api().schema().path("collections")) {
        if (collection.path("name").asText().equals(target.collection())) {
          return cluster().api().contents(target.collection(), "");
        }
      }
      return Map.of();
    }

    /** Only what has to be waited for: the nodes have the machine's clock. */
    @Override
    public void pass(Duration time) {
      if (time.compareTo(BRIEFLY.multipliedBy(2)) <= 0) {
        try {
          Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
    }
  }

  @Test
  void tenantsAreShardsAndInactiveOnesAreAmongThem() {
    StorageEngine engine = open(MissingNode.FAIL);
    assertThat(engine.catalog().shards(null, 10))
        .extracting(Shard::canonicalName)
        .containsExactly(
            "books/s0",
            "customers/acme",
            "customers/globex",
            "customers/initech",
            "films/s0",
            "films/s1");
    assertThat(engine.catalog().census(List.of("customers")).counts())
        .containsEntry("customers/acme", 20L)
        .containsEntry("customers/globex", 30L);
    Shard globex = engine.catalog().shards(null, 10).get(2);
    assertThat(engine.catalog().probes(globex)).isEmpty();
    assertThat(files(engine, globex)).isNotEmpty();
    assertThat(engine.catalog().schema(List.of("books")))
        .contains("\"live\"")
        .doesNotContain("acme");
  }

  @Test
  void aWholeRestoreIsShownAtOneMomentOnOtherNodesWithAliasAndInactiveTenant() {
    StorageEngine engine = open(MissingNode.FAIL);
    String schema = engine.catalog().schema(List.of("books", "customers", "films"));
    List<Shard> shards = engine.catalog().shards(null, 10);
    var books = cluster().api().contents("books", "");
    var films = cluster().api().contents("films", "");
    Map<Shard, Map<SourceFile, byte[]>> kept =
        new TreeMap<>((a, b) -> a.canonicalName().compareTo(b.canonicalName()));
    shards.forEach(shard -> kept.put(shard, files(engine, shard)));
    engine.source().releaseAll(run());
    cluster().api().drop("books");
    cluster().api().drop("customers");
    cluster().api().drop("films");

    List<TargetUnit> units =
        shards.stream().map(shard -> unit(shard, shard.node().equals("n1") ? "n2" : "n3")).toList();
    engine.target().check(schema, units);
    engine.target().prepare(run(), schema, units);
    engine.target().prepare(run(), schema, units);
    Map<TargetUnit, String> places = new HashMap<>();
    units.forEach(
        unit -> {
          var files = Objects.requireNonNull(kept.get(unit.source()));
          places.put(unit, write(engine, unit, files));
        });
    for (TargetUnit unit : units) {
      assertThat(cluster().api().schema().path("collections")).isEmpty();
      engine.target().commit(run(), unit, Objects.requireNonNull(places.get(unit)));
    }
    assertThat(engine.target().finish(run()).ready()).isTrue();
    assertThat(cluster().api().contents("books", "")).isEqualTo(books);
    assertThat(cluster().api().contents("live", "")).isEqualTo(books);
    assertThat(cluster().api().contents("films", "")).isEqualTo(films);
    assertThat(cluster().api().count("customers", "acme")).isEqualTo(20);
    JsonNode customers = collection("customers");
    assertThat(customers.path("shards").findValuesAsText("status")).contains("INACTIVE");
    cluster().api().status("customers", "globex", "ACTIVE");
    assertThat(cluster().api().count("customers", "globex")).isEqualTo(30);
    assertThat(collection("books").path("shards").get(0).path("node").asText()).isEqualTo("n2");
  }

  @Test
  void singleTenantsComeBackBesideTheOthers() {
    StorageEngine engine = open(MissingNode.FAIL);
    String schema = engine.catalog().schema(List.of("customers"));
    Shard acme = engine.catalog().shards(null, 10).get(1);
    var files = files(engine, acme);
    cluster().api().store("customers", "acme", 0, 20, 7);
    var unit = new TargetUnit("u", acme, "customers", "n1", "", true, true);
    engine.target().prepare(run(), schema, List.of(unit));
    engine.target().commit(run(), unit, write(engine, unit, files));
    assertThat(cluster().api().contents("customers", "acme").toString()).contains("\"version\":7");
    assertThat(engine.target().finish(run()).ready()).isTrue();
    assertThat(cluster().api().contents("customers", "acme").toString())
        .doesNotContain("\"version\":7");
    cluster().api().status("customers", "globex", "ACTIVE");
    assertThat(cluster().api().count("customers", "globex")).isEqualTo(30);
  }

  @Test
  void roomIsCountedOnTheNodesOnWhichUnitsWillBe() {
    StorageEngine engine = open(MissingNode.FAIL);
    String schema = engine.catalog().schema(List.of("books", "films"));
    Map<Shard, String> wanted = new LinkedHashMap<>();
    for (Shard shard : engine.catalog().shards(null, 10)) {
      if (!shard.collection().equals("customers")) {
        wanted.put(shard, shard.collection().equals("books") ? "n1" : "long-gone");
      }
    }
    List<TargetUnit> units = new ArrayList<>();
    wanted.forEach(
        (shard, node) ->
            units.add(
                new TargetUnit("u", shard, shard.collection() + "-r", node, "", true, false)));
    List<String> volumes = engine.target().rooms(units).stream().map(Target.Room::volume).toList();
    assertThat(volumes).hasSize(3).startsWith("node n1").contains("node n2");
    List<TargetUnit> otherwise = new ArrayList<>(units);
    Collections.reverse(otherwise);
    engine.target().prepare(run(), schema, otherwise);
    units.forEach(unit -> engine.target().begin(run(), unit).close());
    for (int i = 0; i < units.size(); i++) {
      String node = volumes.get(i).substring("node ".length());
      assertThat(cluster().api().node(node).path("shards").toString())
          .contains(
              "\"%s\"".formatted(units.get(i).collection()),
              "\"%s\"".formatted(units.get(i).shard()));
      assertThat(engine.target().rooms(units).get(i).limit()).contains("from 90 % on");
    }
    engine.target().discard(run());
  }

  @Test
  void aRestoreThatTheClusterForgotIsRefusedWithWhatToDoAndGoesOnOncePreparedAgain() {
    StorageEngine engine = open(MissingNode.FAIL);
    String schema = engine.catalog().schema(List.of("books"));
    Shard shard = engine.catalog().shards(null, 1).get(0);
    var files = files(engine, shard);
    var books = cluster().api().contents("books", "");
    var unit = new TargetUnit("u", shard, "again", "n1", "", true, false);
    engine.target().prepare(run(), schema, List.of(unit));
    String lost = write(engine, unit, files);
    cluster().api().restores().forEach(cluster().api()::abortRestore);
    refused(() -> engine.target().begin(run(), unit), "restore resume");
    assertThat(engine.target().holds(run(), unit, lost)).isFalse();
    engine.target().prepare(run(), schema, List.of(unit));
    String place = write(engine, unit, files);
    assertThat(place).isNotEqualTo(lost);
    engine.target().commit(run(), unit, place);
    assertThat(engine.target().finish(run()).ready()).isTrue();
    assertThat(cluster().api().contents("again", "")).isEqualTo(books);
  }

  @Test
  void whatCannotBeRestoredIsRefusedBeforeAnythingIsStarted() {
    StorageEngine engine = open(MissingNode.FAIL);
    String schema = engine.catalog().schema(List.of("films"));
    Shard s0 = engine.catalog().shards(null, 10).get(4);
    refused(() -> engine.target().check(schema, List.of(unit(s0, "n1"))), "all of them");
    refused(
        () ->
            engine
                .target()
                .rooms(
                    List.of(new TargetUnit("u", s0, "films", "n1", "/tmp/somewhere", true, false))),
        "a folder");
    refused(
        () ->
            engine
                .target()
                .rooms(List.of(new TargetUnit("u", s0, "films", "n1", "", false, false))),
        "--include films/s0");
    assertThat(cluster().api().restores()).isEmpty();
  }

  @Test
  void withoutANodeABackupFailsOrSaysThatItIsPartial() {
    cluster().kill("n2");
    StorageEngine strict = open(MissingNode.FAIL);
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> strict.catalog().describe())
        .withMessageContaining("n2");
    assertThatExceptionOfType(TransientFailure.class)
        .as("what is not counted is not empty")
        .isThrownBy(() -> strict.catalog().census(List.of("films")))
        .withMessageContaining("n2");
    StorageEngine lenient = open(MissingNode.PARTIAL);
    assertThat(lenient.catalog().census(List.of("films")).counts())
        .containsKey("films/s0")
        .doesNotContainKey("films/s1");
    ClusterDescription described = lenient.catalog().describe();
    assertThat(described.unreachable()).containsExactly("n2");
    assertThat(described.notIncluded()).containsKey("films/s1");
    lenient.source().check(described.collections());
  }

  @Test
  void aLaterSnapshotOfTheSameNameIsNotTakenForTheOneThatIsGone() {
    StorageEngine engine = open(MissingNode.FAIL);
    Shard shard = engine.catalog().shards(null, 1).get(0);
    String first = engine.source().snapshot(run(), "u", List.of(shard)).name();
    engine.source().open(run(), "u", List.of(shard), first).close();
    engine.source().release(run(), "u", List.of(shard), first);
    String second = engine.source().snapshot(run(), "u", List.of(shard)).name();
    assertThatExceptionOfType(SnapshotGone.class)
        .isThrownBy(() -> engine.source().open(run(), "u", List.of(shard), first));
    engine.source().open(run(), "u", List.of(shard), second).close();
    engine.source().releaseAll(run());
  }

  @Test
  void aNodeThatIsGoneKeepsNoOtherFromGivingUpItsSnapshots() {
    StorageEngine engine = open(MissingNode.FAIL);
    Shard books = engine.catalog().shards(null, 1).get(0);
    Shard spread = engine.catalog().shards("films/s0", 1).get(0);
    engine.source().snapshot(run(), "u1", List.of(books));
    engine.source().snapshot(run(), "u2", List.of(spread));
    assertThat(List.of(books.node(), spread.node())).containsExactly("n1", "n2");
    cluster().kill("n1");
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> engine.source().releaseAll(run()))
        .withMessageContaining("n1");
    assertThat(cluster().api().snapshots("n2", run().name())).isEmpty();
    cluster().start("n1");
    engine.source().releaseAll(run());
    assertThat(engine.catalog().leftovers(deployment)).isEmpty();
  }

  @Test
  void aHangingNodeIsGivenUpInTimeAndComesBack() {
    StorageEngine engine = open(MissingNode.FAIL);
    Shard shard = engine.catalog().shards(null, 10).get(0);
    cluster().hang("n1");
    try {
      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(() -> engine.source().snapshot(run(), "u", List.of(shard)))
          .withMessageContaining("n1");
    } finally {
      cluster().carryOn("n1");
    }
    assertThat(files(engine, shard)).isNotEmpty();
    engine.source().releaseAll(run());
    assertThat(engine.catalog().leftovers(deployment)).isEmpty();
  }

  @Test
  void aShardThatItsNodeLostIsNamed() {
    cluster().wipe("n2");
    cluster().start("n2");
    StorageEngine strict = open(MissingNode.FAIL);
    refused(() -> strict.source().check(List.of("films")), "films/s1");
    assertThat(open(MissingNode.PARTIAL).catalog().describe().notIncluded())
        .containsKey("films/s1");
  }

  private static void refused(Runnable call, String words) {
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(call::run)
        .withMessageContaining(words);
  }

  private static TargetUnit unit(Shard shard, String node) {
    return new TargetUnit("u", shard, shard.collection(), node, "", true, false);
  }

  private static JsonNode collection(String name) {
    for (JsonNode each : cluster().api().schema().path("collections")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no collection " + name);
  }

  private Map<SourceFile, byte[]> files(StorageEngine engine, Shard shard) {
    String name = engine.source().snapshot(run(), "u", List.of(shard)).name();
    Map<SourceFile, byte[]> files =
        new TreeMap<>((a, b) -> a.meta().path().compareTo(b.meta().path()));
    try (UnitReader reader = engine.source().open(run(), "u", List.of(shard), name);
        var listing = reader.list((kind, path, detail) -> {})) {
      while (listing.hasNext()) {
        SourceFile file = listing.next();
        ByteBuffer bytes = ByteBuffer.allocate((int) file.meta().size());
        try (var content = reader.open(file.meta().path())) {
          content.read(0, bytes);
        }
        files.put(file, bytes.array());
      }
    }
    return files;
  }

  /** Writes a unit; its place. */
  private String write(StorageEngine engine, TargetUnit unit, Map<SourceFile, byte[]> files) {
    try (UnitWriter writer = engine.target().begin(run(), unit)) {
      files.forEach(
          (file, bytes) -> {
            writer.write(file.meta().path(), 0, ByteBuffer.wrap(bytes));
            writer.end(file.meta());
          });
      writer.sync();
      return writer.place();
    }
  }
}
