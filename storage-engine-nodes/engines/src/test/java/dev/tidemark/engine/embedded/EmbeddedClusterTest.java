package dev.tidemark.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.node.NodeCluster;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.ShardsDropped;
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
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the engine does beyond the contract, over two real node processes. */
class EmbeddedClusterTest {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static NodeCluster cluster() {
    return NODES.cluster();
  }

  @Test
  void tenantsAreShardsAndInactiveOnesAreAmongThem() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
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
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    String schema = engine.catalog().schema(List.of("books", "customers", "films"));
    List<Shard> shards = engine.catalog().shards(null, 10);
    var books = cluster().api().contents("books", "");
    var films = cluster().api().contents("films", "");
    Map<Shard, Map<SourceFile, byte[]>> kept =
        new TreeMap<>((a, b) -> a.canonicalName().compareTo(b.canonicalName()));
    shards.forEach(shard -> kept.put(shard, files(engine, shard)));
    engine.source().releaseAll(NODES.run());
    cluster().api().drop("books");
    cluster().api().drop("customers");
    cluster().api().drop("films");

    List<TargetUnit> units =
        shards.stream().map(shard -> unit(shard, shard.node().equals("n1") ? "n2" : "n3")).toList();
    engine.target().check(schema, units);
    engine.target().prepare(NODES.run(), schema, units);
    engine.target().prepare(NODES.run(), schema, units);
    Map<TargetUnit, String> places = new HashMap<>();
    units.forEach(
        unit -> {
          var files = Objects.requireNonNull(kept.get(unit.source()));
          places.put(unit, write(engine, unit, files));
        });
    for (TargetUnit unit : units) {
      assertThat(cluster().api().schema().path("collections")).isEmpty();
      engine.target().commit(NODES.run(), unit, Objects.requireNonNull(places.get(unit)));
    }
    assertThat(engine.target().finish(NODES.run()).ready()).isTrue();
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
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    String schema = engine.catalog().schema(List.of("customers"));
    Shard acme = engine.catalog().shards(null, 10).get(1);
    var files = files(engine, acme);
    cluster().api().store("customers", "acme", 0, 20, 7);
    var unit = new TargetUnit("u", acme, "customers", "n1", "", true, true);
    engine.target().prepare(NODES.run(), schema, List.of(unit));
    engine.target().commit(NODES.run(), unit, write(engine, unit, files));
    assertThat(cluster().api().contents("customers", "acme").toString()).contains("\"version\":7");
    assertThat(engine.target().finish(NODES.run()).ready()).isTrue();
    assertThat(cluster().api().contents("customers", "acme").toString())
        .doesNotContain("\"version\":7");
    cluster().api().status("customers", "globex", "ACTIVE");
    assertThat(cluster().api().count("customers", "globex")).isEqualTo(30);
  }

  @Test
  void roomIsCountedOnTheNodesOnWhichUnitsWillBe() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
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
    engine.target().prepare(NODES.run(), schema, otherwise);
    units.forEach(unit -> engine.target().begin(NODES.run(), unit).close());
    for (int i = 0; i < units.size(); i++) {
      String node = volumes.get(i).substring("node ".length());
      assertThat(cluster().api().node(node).path("shards").toString())
          .contains(
              "\"%s\"".formatted(units.get(i).collection()),
              "\"%s\"".formatted(units.get(i).shard()));
      assertThat(engine.target().rooms(units).get(i).limit()).contains("from 90 % on");
    }
    engine.target().discard(NODES.run());
  }

  @Test
  void aRestoreThatTheClusterForgotIsRefusedWithWhatToDoAndGoesOnOncePreparedAgain() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    String schema = engine.catalog().schema(List.of("books"));
    Shard shard = engine.catalog().shards(null, 1).get(0);
    var files = files(engine, shard);
    var books = cluster().api().contents("books", "");
    var unit = new TargetUnit("u", shard, "again", "n1", "", true, false);
    engine.target().prepare(NODES.run(), schema, List.of(unit));
    String lost = write(engine, unit, files);
    cluster().api().restores().forEach(cluster().api()::abortRestore);
    refused(() -> engine.target().begin(NODES.run(), unit), "restore resume");
    assertThat(engine.target().holds(NODES.run(), unit, lost)).isFalse();
    engine.target().prepare(NODES.run(), schema, List.of(unit));
    String place = write(engine, unit, files);
    assertThat(place).isNotEqualTo(lost);
    engine.target().commit(NODES.run(), unit, place);
    assertThat(engine.target().finish(NODES.run()).ready()).isTrue();
    assertThat(cluster().api().contents("again", "")).isEqualTo(books);
  }

  @Test
  void whatCannotBeRestoredIsRefusedBeforeAnythingIsStarted() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
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
    StorageEngine strict = NODES.open(MissingNode.FAIL);
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> strict.catalog().describe())
        .withMessageContaining("n2");
    assertThatExceptionOfType(TransientFailure.class)
        .as("what is not counted is not empty")
        .isThrownBy(() -> strict.catalog().census(List.of("films")))
        .withMessageContaining("n2");
    StorageEngine lenient = NODES.open(MissingNode.PARTIAL);
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
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    Shard shard = engine.catalog().shards(null, 1).get(0);
    String first = engine.source().snapshot(NODES.run(), "u", List.of(shard)).name();
    engine.source().open(NODES.run(), "u", List.of(shard), first).close();
    engine.source().release(NODES.run(), "u", List.of(shard), first);
    String second = engine.source().snapshot(NODES.run(), "u", List.of(shard)).name();
    assertThatExceptionOfType(SnapshotGone.class)
        .isThrownBy(() -> engine.source().open(NODES.run(), "u", List.of(shard), first));
    engine.source().open(NODES.run(), "u", List.of(shard), second).close();
    engine.source().releaseAll(NODES.run());
  }

  @Test
  void aNodeThatIsGoneKeepsNoOtherFromGivingUpItsSnapshots() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    Shard books = engine.catalog().shards(null, 1).get(0);
    Shard spread = engine.catalog().shards("films/s0", 1).get(0);
    engine.source().snapshot(NODES.run(), "u1", List.of(books));
    engine.source().snapshot(NODES.run(), "u2", List.of(spread));
    assertThat(List.of(books.node(), spread.node())).containsExactly("n1", "n2");
    cluster().kill("n1");
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> engine.source().releaseAll(NODES.run()))
        .withMessageContaining("n1");
    assertThat(cluster().api().snapshots("n2", NODES.run().name())).isEmpty();
    cluster().start("n1");
    engine.source().releaseAll(NODES.run());
    assertThat(engine.catalog().leftovers(NODES.deployment())).isEmpty();
  }

  @Test
  void aHangingNodeIsGivenUpInTimeAndComesBack() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    Shard shard = engine.catalog().shards(null, 10).get(0);
    StorageEngine hurried = NODES.hurried();
    cluster().hang("n1");
    try {
      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(() -> hurried.source().snapshot(NODES.run(), "u", List.of(shard)))
          .withMessageContaining("n1");
    } finally {
      cluster().carryOn("n1");
    }
    assertThat(files(engine, shard)).isNotEmpty();
    engine.source().releaseAll(NODES.run());
    assertThat(engine.catalog().leftovers(NODES.deployment())).isEmpty();
  }

  @Test
  void aTenantThatIsDroppedWhileItIsReadIsNoneThatWasLost() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    Shard acme = engine.catalog().shards("customers", 1).get(0);
    String name = engine.source().snapshot(NODES.run(), "u", List.of(acme)).name();
    cluster().api().drop("customers", "acme");
    assertThatExceptionOfType(SnapshotGone.class)
        .isThrownBy(() -> engine.source().open(NODES.run(), "u", List.of(acme), name));
    assertThatExceptionOfType(ShardsDropped.class)
        .isThrownBy(() -> engine.source().snapshot(NODES.run(), "u", List.of(acme)))
        .withMessageContaining("customers/acme");
    Shard lost = engine.catalog().shards("films/s0", 1).get(0);
    cluster().wipe("n2");
    cluster().start("n2");
    refused(() -> engine.source().snapshot(NODES.run(), "v", List.of(lost)), "films");
  }

  @Test
  void tenantsThatAreDroppedOneAfterTheOtherWhileTheirUnitIsTakenAreAllNamed() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    List<Shard> tenants = engine.catalog().shards("customers", 3);
    List<Shard> droppedOnTheWay =
        new AbstractList<>() {
          @Override
          public Shard get(int index) {
            Shard next = tenants.get(index);
            cluster().api().drop("customers", next.shard());
            return next;
          }

          @Override
          public int size() {
            return tenants.size();
          }
        };
    assertThat(tenants).hasSize(3);
    assertThatExceptionOfType(ShardsDropped.class)
        .isThrownBy(() -> engine.source().snapshot(NODES.run(), "u", droppedOnTheWay))
        .satisfies(e -> assertThat(e.shards()).containsExactlyElementsOf(tenants));
  }

  @Test
  void aClusterWhoseSchemaNodeWasWipedIsAnotherOneWhateverTheOtherNodesKnow() {
    StorageEngine engine = NODES.open(MissingNode.FAIL);
    String before = engine.catalog().fingerprint();
    assertThat(engine.catalog().describe().fingerprint()).isEqualTo(before);
    cluster().wipe("n1");
    cluster().start("n1");
    try {
      assertThat(engine.catalog().fingerprint()).isNotEqualTo(before);
    } finally {
      cluster().wipe("n2");
      cluster().start("n2");
    }
  }

  @Test
  void aShardThatItsNodeLostIsNamed() {
    cluster().wipe("n2");
    cluster().start("n2");
    StorageEngine strict = NODES.open(MissingNode.FAIL);
    refused(() -> strict.source().check(List.of("films")), "films/s1");
    assertThat(NODES.open(MissingNode.PARTIAL).catalog().describe().notIncluded())
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
    String name = engine.source().snapshot(NODES.run(), "u", List.of(shard)).name();
    Map<SourceFile, byte[]> files =
        new TreeMap<>((a, b) -> a.meta().path().compareTo(b.meta().path()));
    try (UnitReader reader = engine.source().open(NODES.run(), "u", List.of(shard), name);
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
    try (UnitWriter writer = engine.target().begin(NODES.run(), unit)) {
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
