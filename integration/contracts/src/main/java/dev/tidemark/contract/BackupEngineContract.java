package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.ShardsDropped;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What every {@link dev.tidemark.core.engine.StorageEngine} does that is backed up: its catalog,
 * its source, its guard.
 */
public interface BackupEngineContract {
  /** The environment of this test, the same each time within it. */
  StorageEngineEnvironment environment();

  private EngineSteps steps() {
    return new EngineSteps(environment());
  }

  // Catalog

  @Test
  default void theCatalogDescribesTheClusterTheSameWayToEveryClient() {
    ClusterDescription described = environment().open().catalog().describe();
    assertThat(environment().open().catalog().describe()).isEqualTo(described);
    assertThat(described.collections()).hasSizeGreaterThan(1).doesNotHaveDuplicates();
    assertThat(described.nodes()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(described.consistency()).isIn("crash", "point-in-time");
    assertThat(described.scope()).isIn("file", "unit", "collection", "cluster");
  }

  @Test
  default void shardsArePagedInTheOrderOfTheirNames() {
    Catalog catalog = environment().open().catalog();
    List<Shard> all = catalog.shards(null, 1_000);
    var paged = new ArrayList<Shard>();
    for (var page = catalog.shards(null, 1); !page.isEmpty(); ) {
      assertThat(page).hasSize(1);
      paged.addAll(page);
      page = catalog.shards(page.get(0).canonicalName(), 1);
    }
    assertThat(paged).isEqualTo(all).hasSizeGreaterThan(1);
    assertThat(all).extracting(Shard::canonicalName).isSorted().doesNotHaveDuplicates();
    ClusterDescription described = catalog.describe();
    assertThat(all).extracting(Shard::collection).hasSameElementsAs(described.collections());
    assertThat(all).extracting(Shard::node).isSubsetOf(described.nodes());
  }

  @Test
  default void questionsAreAnsweredTheSameUntilTheirShardIsChanged() {
    Catalog catalog = environment().open().catalog();
    List<Probe> probes = catalog.probes(steps().shard());
    Map<Probe, String> answers = catalog.answers(probes);
    assertThat(answers.keySet()).containsExactlyInAnyOrderElementsOf(probes);
    assertThat(environment().open().catalog().answers(probes)).isEqualTo(answers);
    Map<String, Long> counts = catalog.census(catalog.describe().collections()).counts();
    assertThat(catalog.shards(null, 1_000))
        .extracting(Shard::canonicalName)
        .containsAll(counts.keySet());
    environment().change();
    assertThat(environment().open().catalog().answers(probes).keySet()).isSubsetOf(probes);
    if (!counts.isEmpty()) {
      assertThat(catalog.census(catalog.describe().collections()).counts()).isNotEqualTo(counts);
    }
  }

  @Test
  default void lookingAtAClusterChangesNothing() {
    Object before = environment().belongings();
    Catalog catalog = environment().open().catalog();
    catalog.describe();
    catalog.shards(null, 10);
    catalog.census(catalog.describe().collections());
    catalog.schema(catalog.describe().collections());
    environment().open().source().check(catalog.describe().collections());
    assertThat(environment().open().source().inspect(catalog.describe().collections()))
        .isNotEmpty()
        .noneMatch(each -> each.verdict() == Condition.Verdict.BAD);
    steps().requireNothingHeld();
    assertThat(environment().belongings()).isEqualTo(before);
  }

  @Test
  default void aClusterThatIsMadeAnewHasAnotherFingerprint() {
    String before = environment().open().catalog().describe().fingerprint();
    environment().change();
    assertThat(environment().open().catalog().describe().fingerprint()).isEqualTo(before);
    environment().recreate();
    if (environment().provesIdentities()) {
      assertThat(environment().open().catalog().describe().fingerprint()).isNotEqualTo(before);
    }
  }

  // Source

  @Test
  default void theShardsOfAPreparedRunArePagedInTheirOrderAndCanBeRead() {
    List<String> collections = environment().open().catalog().describe().collections();
    steps().ready(() -> environment().open().source().prepare(steps().run(), collections));
    List<Shard> all = environment().open().source().shards(steps().run(), null, 1_000).orElse(null);
    if (all == null) {
      return; // The catalog's are read.
    }
    var paged = new ArrayList<Shard>();
    List<Shard> page = all.subList(0, 1);
    while (!page.isEmpty()) {
      paged.addAll(page);
      String after = page.get(0).canonicalName();
      page = environment().open().source().shards(steps().run(), after, 1).orElseThrow();
    }
    assertThat(paged).isEqualTo(all);
    assertThat(all).extracting(Shard::canonicalName).isSorted().doesNotHaveDuplicates();
    assertThat(all).extracting(Shard::collection).hasSameElementsAs(collections);
    for (Shard shard : all) {
      try (UnitReader reader = steps().reader(steps().run(), shard)) {
        assertThat(EngineSteps.list(reader)).as(shard.canonicalName()).isNotEmpty();
      }
    }
    String schema = environment().open().source().schema(steps().run(), collections).orElse("");
    assertThat(schema).contains(collections);
  }

  @Test
  default void aSnapshotOnceBegunIsFoundByEveryClient() {
    Shard shard = steps().shard();
    String name = steps().snapshot(steps().run(), shard);
    String again = steps().snapshot(steps().run(), shard);
    assertThat(again).isEqualTo(name);
  }

  @Test
  default void entriesAreListedStrictlyAscendingAndTheSameEachTime() {
    try (UnitReader reader = steps().reader(steps().run(), steps().shard())) {
      List<SourceFile> files = EngineSteps.list(reader);
      assertThat(files.stream().map(f -> f.meta().path()).toList())
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(EngineSteps.list(reader)).isEqualTo(files);
      assertThat(files.stream().filter(f -> f.meta().type() == FileType.FILE))
          .hasSizeGreaterThan(2);
      assertThat(files.stream().filter(f -> f.meta().type() != FileType.FILE))
          .allMatch(f -> f.meta().size() == 0);
    }
  }

  @Test
  default void aFileIsReadAtAnyOffset() {
    try (UnitReader reader = steps().reader(steps().run(), steps().shard())) {
      SourceFile large = EngineSteps.largest(reader);
      EntryPath path = large.meta().path();
      byte[] whole = EngineSteps.bytes(reader, large.meta());
      try (UnitReader.Content content = reader.open(path)) {
        for (int offset : new int[] {whole.length - 1, 0, 77_777, whole.length / 2}) {
          ByteBuffer piece = ByteBuffer.allocate(1_000);
          int expected = Math.min(1_000, whole.length - offset);
          assertThat(content.read(offset, piece)).isEqualTo(expected);
          byte[] slice = Arrays.copyOfRange(whole, offset, offset + expected);
          assertThat(Arrays.copyOf(piece.array(), expected)).isEqualTo(slice);
        }
        assertThat(content.read(whole.length, ByteBuffer.allocate(10))).isZero();
        assertThat(content.read(whole.length + 10L, ByteBuffer.allocate(10))).isZero();
      }
      assertThat(reader.look(path)).map(SourceFile::identity).contains(large.identity());
    }
  }

  @Test
  default void whatIsNotThereIsGoneAndNotBroken() {
    try (UnitReader reader = steps().reader(steps().run(), steps().shard())) {
      EntryPath missing = EntryPath.parse("no/such/file");
      assertThat(reader.look(missing)).isEmpty();
      assertThatExceptionOfType(UnitReader.FileGone.class).isThrownBy(() -> reader.open(missing));
    }
  }

  @Test
  default void aSnapshotIsEitherStableOrTellsOfChanges() {
    try (UnitReader reader = steps().reader(steps().run(), steps().shard())) {
      List<SourceFile> before = EngineSteps.list(reader);
      var content = EngineSteps.contents(reader);
      environment().change();
      if (reader.stable()) {
        assertThat(EngineSteps.contents(reader)).isEqualTo(content);
      } else {
        assertThat(EngineSteps.list(reader)).isNotEqualTo(before);
      }
    }
  }

  @Test
  default void whatHasNotChangedKeepsItsIdentityInLaterSnapshots() {
    if (!environment().provesIdentities()) {
      try (UnitReader reader = steps().reader(steps().run(), steps().shard())) {
        assertThat(EngineSteps.list(reader)).noneMatch(SourceFile::strong);
      }
      return;
    }
    environment().pass(Duration.ofSeconds(5));
    Map<EntryPath, String> first;
    try (UnitReader reader = steps().reader(steps().run(), steps().shard())) {
      assertThat(EngineSteps.list(reader)).allMatch(SourceFile::strong);
      first = EngineSteps.identities(reader);
    }
    environment().open().source().releaseAll(steps().run());
    Map<EntryPath, String> unchanged;
    try (UnitReader reader = steps().reader(steps().other(), steps().shard())) {
      unchanged = EngineSteps.identities(reader);
    }
    assertThat(unchanged).isEqualTo(first);
    environment().open().source().releaseAll(steps().other());
    environment().change();
    try (UnitReader reader = steps().reader(steps().run(), steps().shard())) {
      assertThat(EngineSteps.identities(reader)).isNotEqualTo(first);
    }
  }

  @Test
  default void aReleasedSnapshotIsGoneAndReleasingItAgainDoesNoHarm() {
    Shard shard = steps().shard();
    String name = steps().snapshot(steps().run(), shard);
    for (int i = 0; i < 2; i++) {
      environment()
          .open()
          .source()
          .release(steps().run(), EngineSteps.unit(shard), List.of(shard), name);
    }
    environment().open().source().releaseAll(steps().run());
    steps().requireNothingHeld();
  }

  @Test
  default void aRunsSnapshotsDoNotConcernAnotherRun() {
    Shard shard = steps().shard();
    String mine = steps().snapshot(steps().run(), shard);
    String others = steps().snapshot(steps().other(), shard);
    environment()
        .open()
        .source()
        .release(steps().other(), EngineSteps.unit(shard), List.of(shard), others);
    environment().open().source().releaseAll(steps().other());
    try (UnitReader reader =
        environment()
            .open()
            .source()
            .open(steps().run(), EngineSteps.unit(shard), List.of(shard), mine)) {
      assertThat(EngineSteps.contents(reader)).isNotEmpty();
    }
  }

  @Test
  default void releasingARunLeavesNothingOfItAndEverythingOfTheUser() {
    Object before = environment().belongings();
    for (Shard shard : environment().open().catalog().shards(null, 1_000)) {
      steps().snapshot(steps().run(), shard);
    }
    environment().open().source().releaseAll(steps().run());
    steps().requireNothingHeld();
    assertThat(environment().belongings()).isEqualTo(before);
    environment().open().source().releaseAll(steps().run());
    assertThat(environment().belongings()).isEqualTo(before);
  }

  @Test
  default void whatNobodyReleasesIsGoneByItselfWhenTheSourceSays() {
    StorageEngine engine = environment().openBriefly();
    Duration held = engine.source().heldAtMost().orElse(null);
    if (held == null) {
      return;
    }
    Shard shard = steps().shard();
    String unit = EngineSteps.unit(shard);
    steps().ready(() -> engine.source().prepare(steps().run(), List.of(shard.collection())));
    String name =
        steps().ready(() -> engine.source().snapshot(steps().run(), unit, List.of(shard))).name();
    environment().pass(held.plusSeconds(1));
    assertThatThrownBy(
            () -> engine.source().open(steps().run(), unit, List.of(shard), name).close())
        .isInstanceOf(SnapshotGone.class);
    steps().requireNothingHeld();
    assertThat(steps().snapshot(steps().run(), shard)).isNotEmpty();
  }

  @Test
  default void aSnapshotThatNeverWasIsGone() {
    Shard shard = steps().shard();
    assertThatThrownBy(
            () -> {
              try (UnitReader reader =
                  environment()
                      .open()
                      .source()
                      .open(
                          steps().run(),
                          EngineSteps.unit(shard),
                          List.of(shard),
                          steps().run().name() + "-no-such")) {
                EngineSteps.list(reader);
              }
            })
        .isInstanceOf(SnapshotGone.class);
  }

  // Source, of several shards: nothing to be seen where the engine gives them one by one

  @Test
  default void aUnitOfSeveralShardsHasEachInAFolderOfItsOwn() {
    List<Shard> shards = steps().several();
    if (shards.isEmpty()) {
      return;
    }
    var expected = new TreeMap<FileMeta, String>(Comparator.comparing(FileMeta::path));
    for (Shard shard : shards) {
      EntryPath folder = shard.folder().orElseThrow();
      try (UnitReader alone = steps().reader(steps().run(), shard)) {
        EngineSteps.contents(alone)
            .forEach((meta, content) -> expected.put(meta.in(folder), content));
      }
    }
    String name = steps().snapshot(steps().run(), shards);
    try (UnitReader reader = steps().open(steps().run(), shards, name)) {
      var found = new TreeMap<FileMeta, String>(Comparator.comparing(FileMeta::path));
      found.putAll(EngineSteps.contents(reader));
      List<EntryPath> paths =
          EngineSteps.list(reader).stream().map(file -> file.meta().path()).toList();
      assertThat(paths).isSorted().doesNotHaveDuplicates();
      for (Shard shard : shards) {
        EntryPath folder = shard.folder().orElseThrow();
        assertThat(found.keySet())
            .anyMatch(meta -> meta.path().equals(folder) && meta.type() == FileType.DIRECTORY);
        // What an engine without folders does not list of a shard alone.
        found.keySet().removeIf(meta -> meta.path().equals(folder) && !expected.containsKey(meta));
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  default void aFileOfAUnitOfSeveralShardsIsReadAtAnyOffset() {
    List<Shard> shards = steps().several();
    if (shards.isEmpty()) {
      return;
    }
    String name = steps().snapshot(steps().run(), shards);
    try (UnitReader reader = steps().open(steps().run(), shards, name)) {
      for (SourceFile file : EngineSteps.list(reader)) {
        FileMeta meta = file.meta();
        if (meta.type() == FileType.FILE && meta.size() > 1) {
          byte[] whole = EngineSteps.bytes(reader, meta);
          ByteBuffer end = ByteBuffer.allocate(10);
          int offset = (int) meta.size() / 2;
          try (UnitReader.Content content = reader.open(meta.path())) {
            int read = content.read(offset, end);
            assertThat(Arrays.copyOf(end.array(), read))
                .isEqualTo(Arrays.copyOfRange(whole, offset, offset + read))
                .isNotEmpty();
          }
          assertThat(reader.look(meta.path())).map(SourceFile::identity).contains(file.identity());
        }
      }
      EntryPath folder = shards.get(0).folder().orElseThrow();
      for (String missing : List.of("no-such", "no/such/file")) {
        for (EntryPath path :
            List.of(EntryPath.parse(missing), EntryPath.parse(missing).in(folder))) {
          assertThat(reader.look(path)).isEmpty();
          assertThatExceptionOfType(UnitReader.FileGone.class).isThrownBy(() -> reader.open(path));
        }
      }
    }
  }

  @Test
  default void aSnapshotOfSeveralShardsIsFoundByEveryClientAndReleasedWithAllOfThem() {
    List<Shard> shards = steps().several();
    if (shards.isEmpty()) {
      return;
    }
    String name = steps().snapshot(steps().run(), shards);
    assertThat(steps().snapshot(steps().run(), shards)).isEqualTo(name);
    for (int i = 0; i < 2; i++) {
      steps().release(steps().run(), shards, name);
      assertThatThrownBy(() -> steps().open(steps().run(), shards, name).close())
          .isInstanceOf(SnapshotGone.class);
    }
    environment().open().source().releaseAll(steps().run());
    steps().requireNothingHeld();
  }

  @Test
  default void aSnapshotOfSeveralShardsIsGoneWithAnyOfThemAndTakenAnew() {
    List<Shard> shards = new ArrayList<>(steps().several());
    if (shards.isEmpty()) {
      return;
    }
    String name = steps().snapshot(steps().run(), shards);
    steps().release(steps().run(), shards.subList(1, 2), name);
    assertThatThrownBy(() -> steps().open(steps().run(), shards, name).close())
        .isInstanceOf(SnapshotGone.class);
    String anew = steps().snapshot(steps().run(), shards);
    assertThat(anew).isNotEqualTo(name);
    // Who still reads by the old name must not go on with a state of another moment.
    assertThatThrownBy(() -> steps().open(steps().run(), shards, name).close())
        .isInstanceOf(SnapshotGone.class);
    Collections.reverse(shards);
    assertThat(steps().snapshot(steps().run(), shards)).isEqualTo(anew);
    try (UnitReader reader = steps().open(steps().run(), shards, anew)) {
      assertThat(EngineSteps.contents(reader)).isNotEmpty();
    }
    environment().open().source().releaseAll(steps().run());
    steps().requireNothingHeld();
  }

  @Test
  default void droppedShardsOfAUnitAreNamedAndItCanBeHadWithoutThem() {
    List<Shard> shards = new ArrayList<>(steps().several());
    if (shards.isEmpty()) {
      return;
    }
    List<Shard> left = List.copyOf(shards);
    Shard first = shards.get(0);
    List<Shard> dropped =
        List.of(
            new Shard(first.collection(), "dropped", first.node(), 0),
            new Shard(first.collection(), "dropped too", first.node(), 0));
    shards.add(0, dropped.get(0));
    shards.add(dropped.get(1));
    assertThatExceptionOfType(ShardsDropped.class)
        .isThrownBy(() -> steps().snapshot(steps().run(), shards))
        .satisfies(e -> assertThat(e.shards()).containsExactlyElementsOf(dropped));
    String name = steps().snapshot(steps().run(), left);
    try (UnitReader reader = steps().open(steps().run(), left, name)) {
      assertThat(EngineSteps.contents(reader)).isNotEmpty();
    }
    environment().open().source().releaseAll(steps().run());
    steps().requireNothingHeld();
  }

  // Guard

  @Test
  default void aGuardEndsByItselfAndByBeingDropped() {
    Guard guard = environment().open().guard().orElse(null);
    if (guard == null) {
      return;
    }
    guard.take(steps().run(), Duration.ofMinutes(5));
    guard.take(steps().run(), Duration.ofMinutes(5));
    assertThat(environment().open().catalog().leftovers(environment().deployment()))
        .containsExactly(steps().run().name());
    environment().open().guard().orElseThrow().drop(steps().run());
    steps().requireNothingHeld();
    guard.drop(steps().run());
    guard.take(steps().run(), Duration.ofMinutes(5));
    environment().pass(Duration.ofMinutes(4));
    guard.take(steps().run(), Duration.ofMinutes(5));
    environment().pass(Duration.ofMinutes(4));
    assertThat(environment().open().catalog().leftovers(environment().deployment()))
        .containsExactly(steps().run().name());
    environment().pass(Duration.ofMinutes(2));
    steps().requireNothingHeld();
  }
}
