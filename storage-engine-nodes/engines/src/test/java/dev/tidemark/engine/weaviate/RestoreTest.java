package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.FileMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Restores from one real node into another with another name and another folder. */
@Tag("engines")
class RestoreTest {
  @RegisterExtension
  static final TwoServers SERVERS =
      new TwoServers(Map.of("PERSISTENCE_MEMTABLES_FLUSH_DIRTY_AFTER_SECONDS", "2"));

  private final WeaviateApi there = new WeaviateApi(SERVERS.source().node(0).address());
  private final WeaviateApi here = new WeaviateApi(SERVERS.target().node(0).address());

  @BeforeEach
  void empty() {
    there.collections().forEach(there::drop);
    here.collections().forEach(here::drop);
    there.aliases().keySet().forEach(there::dropAlias);
    here.aliases().keySet().forEach(here::dropAlias);
  }

  private static StorageEngine sourceEngine() {
    return Weaviates.engine(SERVERS.source(), SERVERS.sourceBackups(), Map.of());
  }

  private static StorageEngine targetEngine() {
    return Weaviates.engine(SERVERS.target(), SERVERS.targetBackups(), Map.of("stall", "30s"));
  }

  private static Backups backup(String... collections) {
    Backups backup = new Backups(RestoreTest::sourceEngine);
    backup.prepare(collections);
    return backup;
  }

  private static Restores restore(Backups backup) {
    return restore(backup, UnaryOperator.identity());
  }

  private static Restores restore(Backups backup, UnaryOperator<String> names) {
    return new Restores(RestoreTest::sourceEngine, backup, RestoreTest::targetEngine, names);
  }

  private static Map<Probe, String> answers(StorageEngine engine, List<Shard> shards) {
    Map<Probe, String> answers = new HashMap<>();
    for (Shard shard : shards) {
      answers.putAll(engine.catalog().answers(engine.catalog().probes(shard)));
    }
    return answers;
  }

  @Test
  void aRestoredCollectionHasEveryObjectAndVectorBitForBitAndIsFoundBySearches() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 700, 1);
    there.tenants("Note", 1, List.of("a", "b", "c"));
    there.store("Note", "a", 0, 50, 1);
    there.store("Note", "b", 0, 20, 1);
    there.deactivate("Note", List.of("b"));
    JsonNode tenants = there.tenants("Note");
    Backups backup = backup("Article", "Note");
    Restores restore = restore(backup);

    restore.all();

    assertThat(here.count("Article", "")).isEqualTo(700);
    assertThat(here.objects("Article", "")).isEqualTo(there.objects("Article", ""));
    assertThat(here.count("Note", "a")).isEqualTo(50);
    assertThat(here.tenants("Note")).containsExactlyInAnyOrderElementsOf(tenants);
    Map<Probe, String> answers = answers(sourceEngine(), backup.shards());
    assertThat(answers).hasSizeGreaterThan(6).containsValue("yes");
    assertThat(targetEngine().catalog().answers(List.copyOf(answers.keySet()))).isEqualTo(answers);
    restore.requireNothingLeft();
    restore.finish();
    here.store("Article", "", 700, 710, 1);
    assertThat(here.count("Article", "")).isEqualTo(710);
    backup.release();
  }

  @Test
  void aCollectionThatHasNoTenantYetComesBackAndTakesTenants() {
    there.tenants("Empty", 1, List.of());
    Backups backup = backup("Empty");
    assertThat(backup.shards()).extracting(Shard::canonicalName).containsExactly("Empty");
    Restores restore = restore(backup);

    restore.all();

    assertThat(here.collections()).containsExactly("Empty");
    assertThat(here.tenants("Empty")).isEmpty();
    assertThat(targetEngine().catalog().shards(null, 10))
        .extracting(Shard::canonicalName)
        .containsExactly("Empty");
    restore.requireNothingLeft();
    here.addTenants("Empty", List.of("a"));
    here.store("Empty", "a", 0, 5, 1);
    assertThat(here.count("Empty", "a")).isEqualTo(5);
    backup.release();
  }

  @Test
  void fiftyTenantsComeBackWithTheirCountsAndAsActiveAsTheyWere() {
    List<String> names = IntStream.range(0, 50).mapToObj("t%02d"::formatted).toList();
    there.tenants("Note", 1, names);
    for (int i = 0; i < names.size(); i++) {
      there.store("Note", names.get(i), 0, 10 + i % 3, 1);
    }
    List<String> inactive = names.subList(40, 50);
    there.deactivate("Note", inactive);
    JsonNode tenants = there.tenants("Note");

    restore(backup("Note")).all();

    assertThat(here.tenants("Note")).containsExactlyInAnyOrderElementsOf(tenants);
    there.activate("Note", inactive);
    here.activate("Note", inactive);
    for (int i = 0; i < names.size(); i++) {
      assertThat(here.count("Note", names.get(i))).as(names.get(i)).isEqualTo(10 + i % 3);
    }
    for (String each : List.of("t00", "t25", "t45")) {
      assertThat(here.objects("Note", each)).isEqualTo(there.objects("Note", each));
    }
  }

  @Test
  void aRestoredCollectionIsChangedSearchedAndBackedUpAgainAsAnyOther() {
    there.collection("Author", 1, 1);
    there.store("Author", "", 1_000, 1_010, 1);
    ObjectNode definition = WeaviateApi.definition("Article", 1);
    definition
        .withArrayProperty("properties")
        .addObject()
        .put("name", "writtenBy")
        .putArray("dataType")
        .add("Author");
    there.collection(definition);
    there.store("Article", "", 0, 200, 1);
    refer(there, 7, 1_003);
    restore(backup("Article", "Author")).all();

    String title = "(where:{path:[\"title\"],operator:Equal,valueText:\"object 42\"})";
    assertThat(here.found("Article", title)).contains(WeaviateApi.id(42));
    assertThat(here.found("Article", title)).isEqualTo(there.found("Article", title));
    String author =
        "(where:{path:[\"writtenBy\",\"Author\",\"title\"],operator:Equal,valueText:\"1003\"})";
    assertThat(here.found("Article", author)).containsExactly(WeaviateApi.id(7));

    here.store("Article", "", 0, 50, 2);
    here.store("Article", "", 200, 260, 2);
    here.delete("Article", 100, 120);
    refer(here, 8, 1_004);
    Map<String, String> changed = here.objects("Article", "");
    assertThat(changed).hasSize(240);
    var second = new Backups(RestoreTest::targetEngine);
    second.prepare("Article", "Author");
    here.drop("Article");
    here.drop("Author");
    new Restores(
            RestoreTest::targetEngine, second, RestoreTest::targetEngine, UnaryOperator.identity())
        .all();
    assertThat(here.objects("Article", "")).isEqualTo(changed);
    assertThat(here.found("Article", author.replace("1003", "1004")))
        .containsExactly(WeaviateApi.id(8));
    second.release();
  }

  private static void refer(WeaviateApi api, int article, int author) {
    String path = "/v1/objects/Article/%s/references/writtenBy".formatted(WeaviateApi.id(article));
    String beacon = "weaviate://localhost/Author/" + WeaviateApi.id(author);
    api.call("POST", path, JsonNodeFactory.instance.objectNode().put("beacon", beacon));
  }

  @Test
  void anExistingCollectionIsNotTouchedAndNothingIsWritten() throws IOException {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 50, 1);
    here.collection("Article", 1, 1);
    here.store("Article", "", 0, 7, 2);
    Restores restore = restore(backup("Article"));

    assertThat(targetEngine().target().rooms(restore.units()))
        .allMatch(room -> room.existing().equals("a collection of that name"));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(restore::prepare)
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFLICT));

    restore.discard();
    restore.requireNothingLeft();
    assertThat(here.count("Article", "")).isEqualTo(7);
    try (Stream<Path> files = Files.walk(SERVERS.targetBackups())) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aReplacedCollectionIsWhatWasBackedUp() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 120, 1);
    here.collection("Article", 2, 1);
    here.store("Article", "", 0, 7, 2);
    Restores restore = restore(backup("Article")).replacing();
    restore.prepare();
    restore.write();
    assertThat(here.count("Article", "")).isEqualTo(7);

    restore.finish();

    assertThat(here.objects("Article", "")).isEqualTo(there.objects("Article", ""));
    restore.requireNothingLeft();
  }

  @Test
  void aRunThatIsGivenUpBeforeItReplacesLeavesWhatIsThere() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 120, 1);
    here.collection("Article", 1, 1);
    here.store("Article", "", 0, 7, 2);
    Restores restore = restore(backup("Article")).replacing();
    restore.prepare();
    restore.write();

    restore.discard();

    assertThat(here.count("Article", "")).isEqualTo(7);
    restore.requireNothingLeft();
  }

  @Test
  void aCollectionThatCameInTheMeantimeIsNotTouchedEvenWhenTheRunIsGivenUp() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 120, 1);
    Restores restore = restore(backup("Article"));
    restore.prepare();
    restore.write();
    here.collection("ARTICLE", 1, 1);
    here.store("ARTICLE", "", 0, 7, 2);

    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(restore::finish)
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFLICT))
        .withMessageContaining("ARTICLE");
    restore.discard();

    assertThat(here.collections()).containsExactly("ARTICLE");
    assertThat(here.count("ARTICLE", "")).isEqualTo(7);
    restore.requireNothingLeft();
  }

  @Test
  void aServerThatIsKilledWhileItRestoresEndsWithEverythingRestored() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 400, 1);
    Restores restore = restore(backup("Article"));
    restore.prepare();
    restore.write();
    assertThat(restore.once().ready()).isFalse();
    SERVERS.target().node(0).kill();
    SERVERS.target().node(0).launch();
    SERVERS.target().node(0).await();

    restore.finish();

    assertThat(here.objects("Article", "")).isEqualTo(there.objects("Article", ""));
    restore.requireNothingLeft();
  }

  @Test
  void whatACrashHasLeftInTheFolderOfACollectionDoesNotKeepItsFilesOut() throws IOException {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 120, 1);
    Backups backup = backup("Article");
    Files.createDirectories(SERVERS.target().node(0).data().resolve("article/leftover"));

    restore(backup).all();

    assertThat(here.objects("Article", "")).isEqualTo(there.objects("Article", ""));
  }

  @Test
  void aRunThatIsGivenUpWhileTheServerRestoresLeavesNothingAndTheServerRestoresAgain() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 400, 1);
    Backups backup = backup("Article");
    Restores restore = restore(backup);
    restore.prepare();
    restore.write();
    assertThat(restore.once().ready()).isFalse();

    restore.discard();

    assertThat(here.collections()).isEmpty();
    restore.requireNothingLeft();
    restore(backup).all();
    assertThat(here.count("Article", "")).isEqualTo(400);
  }

  @Test
  void aWorkerThatDiesInTheMiddleOfAFileIsFollowedByOneThatGoesOn() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 400, 1);
    Backups backup = backup("Article");
    Restores restore = restore(backup);
    restore.prepare();
    TargetUnit unit = restore.units().get(0);
    try (UnitReader reader = backup.open(unit.source())) {
      FileMeta large =
          Backups.list(reader).stream()
              .map(UnitReader.SourceFile::meta)
              .max(Comparator.comparingLong(FileMeta::size))
              .orElseThrow();
      byte[] bytes = Backups.bytes(reader, large);
      int half = bytes.length / 2;
      // Never closed, as when its process is killed.
      UnitWriter dead = targetEngine().target().begin(restore.token, unit);
      dead.write(large.path(), 0, ByteBuffer.wrap(bytes, 0, half));
      dead.sync();
      dead.write(large.path(), half, ByteBuffer.wrap(bytes, half, 1_000));

      String place;
      try (UnitWriter next = targetEngine().target().begin(restore.token, unit)) {
        place = next.place();
        assertThat(place).isEqualTo(dead.place());
        assertThat(next.written(large.path())).isEqualTo(half);
        next.write(large.path(), half, ByteBuffer.wrap(bytes, half, bytes.length - half));
        next.end(large);
        Backups.list(reader).stream()
            .map(UnitReader.SourceFile::meta)
            .filter(meta -> !meta.path().equals(large.path()))
            .forEach(meta -> Restores.write(reader, meta, next));
        next.sync();
      }
      // The dead one wakes up: what it stores takes nothing back.
      dead.sync();
      targetEngine().target().commit(restore.token, unit, place);
    }

    restore.finish();

    assertThat(here.objects("Article", "")).isEqualTo(there.objects("Article", ""));
  }

  @Test
  void someShardsOfACollectionWithoutTenantsAreRefusedAndSomeTenantsAreNot() {
    there.collection("Article", 2, 1);
    there.store("Article", "", 0, 50, 1);
    there.tenants("Note", 1, List.of("a", "b"));
    there.store("Note", "a", 0, 50, 1);
    there.store("Note", "b", 0, 20, 1);
    Backups backup = backup("Article", "Note");
    Restores restore = restore(backup);
    List<TargetUnit> articles =
        restore.units().stream().filter(unit -> unit.collection().equals("Article")).toList();
    assertThat(articles).hasSize(2);
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> targetEngine().target().check(restore.schema(), articles.subList(0, 1)))
        .withMessageContaining("1 of 2");

    Restores one = restore(backup).only("Note/a");
    one.all();

    assertThat(here.collections()).containsExactly("Note");
    assertThat(here.tenants("Note")).hasSize(1);
    assertThat(here.objects("Note", "a")).isEqualTo(there.objects("Note", "a"));
  }

  @Test
  void anAliasIsRestoredAndOneThatIsTakenIsRefusedOrKeptOrOverwritten() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 20, 1);
    there.alias("Latest", "Article");
    Backups backup = backup("Article");
    restore(backup).all();
    assertThat(here.aliases()).isEqualTo(Map.of("Latest", "Article"));

    here.drop("Article");
    assertThat(here.aliases()).isEqualTo(Map.of("Latest", "Article"));
    restore(backup).all();

    here.drop("Article");
    here.dropAlias("Latest");
    here.collection("Other", 1, 1);
    here.alias("Latest", "Other");
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(restore(backup)::check)
        .withMessageContaining("Latest")
        .withMessageContaining("Other");
    restoreWith(backup, Map.of("takenAliases", "kept")).all();
    assertThat(here.aliases()).isEqualTo(Map.of("Latest", "Other"));

    here.drop("Article");
    restoreWith(backup, Map.of("takenAliases", "overwritten")).all();
    assertThat(here.aliases()).isEqualTo(Map.of("Latest", "Article"));
  }

  private static Restores restoreWith(Backups backup, Map<String, String> more) {
    return new Restores(
        RestoreTest::sourceEngine,
        backup,
        () -> Weaviates.engine(SERVERS.target(), SERVERS.targetBackups(), more),
        UnaryOperator.identity());
  }

  @Test
  void aRenamedCollectionAnswersAsTheOldOne() {
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 300, 1);
    Backups backup = backup("Article");

    restore(backup, name -> name + "Copy").all();

    assertThat(here.count("ArticleCopy", "")).isEqualTo(300);
    assertThat(here.call("GET", "/v1/objects/ArticleCopy/" + WeaviateApi.id(5), null).path("class"))
        .hasToString("\"ArticleCopy\"");
    assertThat(here.objects("ArticleCopy", "")).isEqualTo(there.objects("Article", ""));
    Map<Probe, String> expected = new HashMap<>();
    answers(sourceEngine(), backup.shards())
        .forEach((probe, answer) -> expected.put(probe.in("ArticleCopy"), answer));
    assertThat(targetEngine().catalog().answers(List.copyOf(expected.keySet())))
        .isEqualTo(expected);
    here.store("ArticleCopy", "", 0, 10, 2);
    assertThat(here.count("ArticleCopy", "")).isEqualTo(300);
  }
}
