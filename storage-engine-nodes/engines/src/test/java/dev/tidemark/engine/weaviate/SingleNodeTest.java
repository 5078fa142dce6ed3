package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.luben.zstd.ZstdInputStream;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.cloud.WeaviateWriter;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.StagingSweep;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of one real node that keeps its own in a folder. */
@Tag("engines")
class SingleNodeTest {
  @TempDir static Path folder = Path.of("/");
  private static @Nullable WeaviateCluster started;

  private final WeaviateApi api = new WeaviateApi(cluster().node(0).address());

  @BeforeAll
  static void start() {
    // Files of more than a few KB have chunks of their own, and those of more than 200 KB are
    // split.
    started =
        WeaviateCluster.single(
            folder,
            backups(),
            Map.of(
                "BACKUP_MIN_CHUNK_SIZE",
                "20000",
                "BACKUP_CHUNK_TARGET_SIZE",
                "100000",
                "BACKUP_SPLIT_FILE_SIZE",
                "200000",
                "PERSISTENCE_MEMTABLES_FLUSH_DIRTY_AFTER_SECONDS",
                "2"));
  }

  @AfterAll
  static void stop() {
    cluster().close();
  }

  private static Path backups() {
    return folder.resolve("backups");
  }

  private static WeaviateCluster cluster() {
    return Objects.requireNonNull(started);
  }

  @BeforeEach
  void empty() {
    api.collections().forEach(api::drop);
  }

  private static StorageEngine engine(Map<String, String> more) {
    return Weaviates.engine(cluster(), backups(), more);
  }

  private static Backups run() {
    return run(Map.of());
  }

  private static Backups run(Map<String, String> more) {
    return new Backups(() -> engine(more));
  }

  private static List<String> ids(int from, int to) {
    List<String> ids = new ArrayList<>();
    for (int i = from; i < to; i++) {
      ids.add(WeaviateApi.id(i));
    }
    return ids;
  }

  @Test
  void underAWriterThatNeverStopsNoWriteFailsAndWhatWasAcknowledgedIsInTheFiles()
      throws ExecutionException, InterruptedException {
    api.collection("Article", 1, 1);
    Map<String, byte[]> files;
    List<String> before;
    Backups run = run();
    try (var writer = new WeaviateWriter(api, "Article")) {
      before = ids(0, writer.awaits(400));
      run.prepare("Article");
      int during = writer.acknowledged();
      files = run.files();
      writer.awaits(during + 1);
      writer.end();
    }
    String shard = run.shards().get(0).canonicalName();
    assertThat(Backups.objectsIn(files, shard, before)).hasSize(before.size());
    assertThat(files.keySet()).anyMatch(name -> name.endsWith(": version"));
    run.release();
  }

  private static void await(BooleanSupplier what) {
    for (int i = 0; i < 600 && !what.getAsBoolean(); i++) {
      Backups.sleep(Duration.ofMillis(100));
    }
    assertThat(what.getAsBoolean()).isTrue();
  }

  @Test
  void compressedOrNotTheFilesAreThoseOfTheServer() throws IOException {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 600, 1);
    await(() -> isSettled("article"));
    Backups plain = run();
    plain.prepare("Article");
    Map<String, byte[]> expected = immutable(plain.files());
    assertThat(expected.values()).anyMatch(bytes -> bytes.length > 400_000);
    assertThat(chunks(plain)).hasSizeGreaterThan(3);
    expected.forEach((name, bytes) -> assertThat(onDisk(plain, name)).as(name).isEqualTo(bytes));
    plain.release();
    for (String level : List.of("BestSpeed", "ZstdBestSpeed", "NoCompression")) {
      Backups run = run(Map.of("compressionLevel", level));
      run.prepare("Article");
      assertThat(immutable(run.files())).as(level).containsAllEntriesOf(expected);
      run.release();
    }
  }

  /** Whether nothing of a collection is left to flush or to compact, so that its segments stay. */
  private static boolean isSettled(String folder) {
    Set<String> levels = new HashSet<>();
    try (Stream<Path> files = Files.walk(cluster().node(0).data().resolve(folder))) {
      return files.allMatch(
          file -> {
            String name = file.getFileName().toString();
            boolean written = name.endsWith(".wal") && file.toFile().length() > 0;
            boolean first =
                !name.endsWith(".db")
                    || levels.add(file.getParent() + name.replaceAll("^[^.]*", ""));
            return first && !written && !name.endsWith(".tmp");
          });
    } catch (IOException | UncheckedIOException e) {
      return false; // something went while it was looked at
    }
  }

  /** Segments, which a server never changes. */
  private static Map<String, byte[]> immutable(Map<String, byte[]> files) {
    Map<String, byte[]> some = new TreeMap<>(files);
    some.keySet().removeIf(name -> !name.contains("segment-") || !name.endsWith(".db"));
    return some;
  }

  private static byte[] onDisk(Backups run, String name) {
    Shard shard = run.shards().get(0);
    Path data = cluster().node(0).data();
    String path = name.substring(name.indexOf(": ") + 2);
    try {
      return Files.readAllBytes(
          data.resolve(Names.folder(shard.collection(), shard.shard())).resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> chunks(Backups run) throws IOException {
    try (Stream<Path> files = Files.walk(backups().resolve(run.token.name() + "-1"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("chunk-")).toList();
    }
  }

  @Test
  void whatIsDamagedAfterTheServersSuccessIsFoundWhereItCanBe() throws IOException {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 300, 1);
    for (String level : List.of("BestSpeed", "ZstdBestSpeed")) {
      damaged(level, SingleNodeTest::flip);
    }
    // Of a tar that is not compressed the headers have a checksum, and their content has none.
    damaged("NoCompression", SingleNodeTest::flipHeader);
    damaged("NoCompression", SingleNodeTest::truncate);
  }

  private interface Harm {
    void to(Path chunk) throws IOException;
  }

  /** Harms a chunk after its backup, and expects that a unit tells of it. */
  private void damaged(String level, Harm harm) throws IOException {
    Backups run = run(Map.of("compressionLevel", level));
    try {
      run.prepare("Article");
      harm.to(chunks(run).get(0));
      assertThatExceptionOfType(PermanentFailure.class)
          .as(level)
          .isThrownBy(run::files)
          .satisfies(failure -> assertThat(failure.kind()).isEqualTo(PermanentFailure.Kind.DAMAGED))
          .withMessageContaining("chunk-");
    } finally {
      run.release();
    }
  }

  /** Flips a bit that matters: one in a hundred of gzip's only points to another equal run. */
  private static void flip(Path chunk) throws IOException {
    byte[] bytes = Files.readAllBytes(chunk);
    byte[] content = inflated(bytes);
    int at = bytes.length / 2;
    bytes[at] ^= 0x10;
    while (reads(bytes, content)) {
      bytes[++at] ^= 0x10;
    }
    Files.write(chunk, bytes);
  }

  private static boolean reads(byte[] chunk, byte[] content) {
    try {
      return Arrays.equals(inflated(chunk), content);
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] inflated(byte[] chunk) throws IOException {
    var bytes = new ByteArrayInputStream(chunk);
    try (InputStream stream =
        chunk[0] == 0x1f ? new GZIPInputStream(bytes) : new ZstdInputStream(bytes)) {
      return stream.readAllBytes();
    }
  }

  private static void flipHeader(Path chunk) throws IOException {
    byte[] bytes = Files.readAllBytes(chunk);
    bytes[3] ^= 0x10;
    Files.write(chunk, bytes);
  }

  private static void truncate(Path chunk) throws IOException {
    try (var file = Files.newByteChannel(chunk, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 1_500);
    }
  }

  @Test
  void aChunkThatIsMissingAtTheEndIsNoSuccessAndTheBackupIsMadeAgain() throws IOException {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 100, 1);
    Backups run = run();
    StorageEngine engine = engine(Map.of());
    Progress begun = engine.source().prepare(run.token, List.of("Article"));
    assertThat(begun.ready()).isFalse();
    Path config = backups().resolve(run.token.name() + "-1/backup_config.json");
    await(() -> contains(config, "SUCCESS"));
    Files.delete(chunks(run).get(0));

    assertThat(run.prepare("Article").name()).isEqualTo(run.token.name() + "-2");
    assertThat(run.files()).isNotEmpty();
    run.release();
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.exists(file) && Files.readString(file).contains(text);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void tenantsAreUnitsAndInactiveOnesAreInTheBackup() {
    api.tenants("Tenants", 1, List.of("t1", "t2", "t3"));
    api.store("Tenants", "t1", 0, 30, 1);
    api.store("Tenants", "t2", 100, 130, 1);
    api.deactivate("Tenants", List.of("t2"));
    ClusterDescription described = engine(Map.of()).catalog().describe();
    assertThat(described.notIncluded()).isEmpty();

    Backups run = run();
    run.prepare("Tenants");

    assertThat(run.shards())
        .extracting(Shard::canonicalName)
        .containsExactly("Tenants/t1", "Tenants/t2", "Tenants/t3");
    Map<String, byte[]> files = run.files();
    assertThat(Backups.objectsIn(files, "Tenants/t1", ids(0, 30))).hasSize(30);
    assertThat(Backups.objectsIn(files, "Tenants/t2", ids(100, 130))).hasSize(30);
    assertThat(api.tenants("Tenants").toString()).contains("COLD");
    run.release();
  }

  @Test
  void tenantsThatAreSwitchedInTheMiddleAreAllInTheBackup() throws Exception {
    List<String> names = IntStream.range(0, 20).mapToObj("t%02d"::formatted).toList();
    api.tenants("Tenants", 1, names);
    for (String each : names) {
      api.store("Tenants", each, 0, 10, 1);
    }
    api.deactivate("Tenants", names.subList(10, 20));
    var stop = new AtomicBoolean();
    var switched = new AtomicInteger();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Boolean> work =
        thread.submit(
            () -> {
              while (!stop.get()) {
                api.deactivate("Tenants", names.subList(0, 10));
                api.activate("Tenants", names.subList(10, 20));
                api.activate("Tenants", names.subList(0, 10));
                api.deactivate("Tenants", names.subList(10, 20));
                switched.incrementAndGet();
              }
              return true;
            });
    Backups run = run();
    try {
      await(() -> switched.get() > 0);
      run.prepare("Tenants");
    } finally {
      stop.set(true);
      thread.shutdown();
    }
    assertThat(work.get()).isTrue();
    assertThat(run.shards()).hasSize(20);
    Map<String, byte[]> files = run.files();
    for (String each : names) {
      assertThat(Backups.objectsIn(files, "Tenants/" + each, ids(0, 10))).as(each).hasSize(10);
    }
    run.release();
  }

  @Test
  void aCollectionThatIsDroppedInTheMiddleIsThereAsAWholeOrNotAtAll() {
    for (String name : List.of("Article", "Gone")) {
      api.collection(name, 1, 1);
      api.store(name, "", 0, 300, 1);
    }
    Backups run = run();
    assertThat(preparedOfAllThereAre(run).ready()).isFalse();
    api.drop("Gone");

    Backups.ready(() -> preparedOfAllThereAre(run));

    Map<String, byte[]> files = run.files();
    assertThat(run.shards()).extracting(Shard::collection).contains("Article");
    for (Shard shard : run.shards()) {
      assertThat(Backups.objectsIn(files, shard.canonicalName(), ids(0, 300))).hasSize(300);
    }
    run.release();
  }

  /** As the flow asks: each time for the collections that there are. */
  private static Progress preparedOfAllThereAre(Backups run) {
    StorageEngine engine = engine(Map.of());
    return engine.source().prepare(run.token, engine.catalog().describe().collections());
  }

  @Test
  void afterABackupTheServerFlushesAndCompactsAsBefore() {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 100, 1);
    Backups run = run();
    run.prepare("Article");
    assertThat(run.files()).isNotEmpty();
    String shard = run.shards().get(0).shard();
    run.release();
    Path objects =
        cluster().node(0).data().resolve(Names.folder("Article", shard)).resolve("lsm/objects");
    for (int i = 1; i <= 4; i++) {
      Set<String> before = segments(objects);
      api.store("Article", "", i * 100, i * 100 + 100, 1);
      await(() -> !segments(objects).equals(before));
    }
    // Its name tells how often a segment was made of two.
    await(() -> segments(objects).stream().anyMatch(name -> name.matches(".*\\.l[1-9].*")));
    assertThat(api.count("Article", "")).isEqualTo(500);
  }

  private static Set<String> segments(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".db"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theDefinitionsAreThoseOfTheMomentOfTheBackup() {
    api.tenants("Tenants", 1, List.of("t1"));
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 10, 1);
    api.tenants("Empty", 1, List.of());
    Backups run = run();
    run.prepare("Tenants", "Article", "Empty");
    api.tenants("Later", 1, List.of("t1"));
    api.call(
        "POST",
        "/v1/schema/Tenants/tenants",
        JsonNodeFactory.instance
            .arrayNode()
            .add(JsonNodeFactory.instance.objectNode().put("name", "later")));

    String schema =
        engine(Map.of())
            .source()
            .schema(run.token, List.of("Tenants", "Article", "Empty"))
            .orElseThrow();

    assertThat(schema)
        .contains("\"Article\"", "\"Empty\"", "shardingState", "\"t1\"", "weaviate-0");
    assertThat(schema).doesNotContain("Later").doesNotContain("later");
    assertThat(run.shards())
        .extracting(Shard::canonicalName)
        .contains("Empty", "Tenants/t1")
        .hasSize(3);
    run.release();
  }

  @Test
  void aBackupOfSomebodyElseIsWaitedForAndNamed() {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 200, 1);
    List<String> told = new ArrayList<>();
    for (int i = 0; i < 5 && told.isEmpty(); i++) {
      String theirs = "users-own-" + i + "-" + System.nanoTime();
      api.backup("filesystem", theirs);
      Backups run = run();
      Backups.ready(
          () -> {
            Progress progress = engine(Map.of()).source().prepare(run.token, List.of("Article"));
            if (progress.why().contains(theirs)) {
              told.add(progress.why());
            }
            return progress;
          });
      assertThat(run.files()).isNotEmpty();
      run.release();
      assertThat(api.backupStatus("filesystem", theirs)).isEqualTo("SUCCESS");
    }
    assertThat(told).isNotEmpty();
  }

  @Test
  void whoHasNoPatienceIsToldWhatIsInTheWay() {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 200, 1);
    Map<String, String> hurried = Map.of("patience", "1s");
    PermanentFailure told = null;
    for (int i = 0; i < 10 && told == null; i++) {
      String theirs = "users-other-" + i + "-" + System.nanoTime();
      api.backup("filesystem", theirs);
      Backups run = run(hurried);
      Progress first = engine(hurried).source().prepare(run.token, List.of("Article"));
      if (first.why().contains(theirs)) {
        Backups.sleep(Duration.ofMillis(1_100));
        try {
          Progress unused = engine(hurried).source().prepare(run.token, List.of("Article"));
        } catch (PermanentFailure e) {
          assertThat(e.kind()).isEqualTo(PermanentFailure.Kind.CONFLICT);
          assertThat(e).hasMessageContaining(theirs);
          told = e;
        }
      }
      run.release();
    }
    assertThat(told).isNotNull();
  }

  @Test
  void tenantsThatWereActivatedForABackupAreInactiveAgainAlsoAfterACrash() {
    api.tenants("Tenants", 1, List.of("on", "off"));
    api.store("Tenants", "off", 0, 10, 1);
    api.deactivate("Tenants", List.of("off"));
    Backups run = run();
    var server =
        new Weaviate(
            Weaviates.config(cluster(), backups()),
            reference -> {
              throw new AssertionError(reference);
            });
    var desk = new Desk(Weaviates.area(backups()));
    new Activation(server, desk, new Names(run.token)).activate(List.of("Tenants"));
    assertThat(api.tenants("Tenants").toString()).doesNotContain("COLD");
    assertThat(engine(Map.of()).catalog().leftovers("t")).isNotEmpty();

    // The process that activated it is gone; the run is released by another one.
    run.release();

    assertThat(server.tenants("Tenants"))
        .containsEntry("on", TenantStatus.ACTIVE)
        .containsEntry("off", TenantStatus.INACTIVE);
  }

  @Test
  void aCancelledRunLeavesNothingAndTheServerTakesTheNextBackup() {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 500, 1);
    Backups canceled = run();
    engine(Map.of()).source().prepare(canceled.token, List.of("Article"));
    canceled.release();
    Backups next = run();
    next.prepare("Article");
    assertThat(next.files()).isNotEmpty();
    next.release();
  }

  @Test
  void aServerThatIsKilledInTheMiddleIsBackedUpAgainByTheSameRun() {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 500, 1);
    Map<String, String> hurried = Map.of("stall", "10s");
    Backups run = run(hurried);
    engine(hurried).source().prepare(run.token, List.of("Article"));
    cluster().node(0).kill();
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> engine(hurried).catalog().describe());
    cluster().node(0).launch();
    cluster().node(0).await();

    run.prepare("Article");

    String shard = run.shards().get(0).canonicalName();
    assertThat(Backups.objectsIn(run.files(), shard, ids(0, 500))).hasSize(500);
    run.release();
  }

  @Test
  void aStagingAreaThatIsNotTheServersIsTold() throws IOException {
    api.collection("Article", 1, 1);
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Backups run = new Backups(() -> Weaviates.engine(cluster(), elsewhere, Map.of()));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> run.prepare("Article"))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(PermanentFailure.Kind.INVALID))
        .withMessageContainingAll("elsewhere", backups().toString(), run.token.name());
    run.release();
    // As it says, the user deletes what went to the wrong place.
    String id = run.token.name() + "-1";
    await(() -> api.backupStatus("filesystem", id).equals("SUCCESS"));
    int unused = new StagingSweep(Weaviates.area(backups())).remove(id + "/", Instant.MAX);
  }

  @Test
  void whatCannotBeBackedUpIsRefusedBeforeAnythingIsBegun() {
    api.collection("Article", 1, 1);
    api.store("Article", "", 0, 10, 1);
    engine(Map.of()).source().check(List.of("Article"));
    StorageEngine gcs = engine(Map.of("backend", "gcs"));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> gcs.source().check(List.of("Article")))
        .withMessageContaining("backend");
    String shard = engine(Map.of()).catalog().shards(null, 10).get(0).shard();
    api.call(
        "PUT",
        "/v1/schema/Article/shards/" + shard,
        JsonNodeFactory.instance.objectNode().put("status", "READONLY"));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> engine(Map.of()).source().check(List.of("Article")))
        .withMessageContaining("READONLY")
        .withMessageContaining("READY");
    assertThat(engine(Map.of()).catalog().leftovers("t")).isEmpty();
  }
}
