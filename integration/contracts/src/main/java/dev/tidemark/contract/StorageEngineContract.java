package dev.tidemark.contract;

import static dev.tidemark.contract.EngineSteps.DEPLOYMENT;
import static dev.tidemark.contract.EngineSteps.OTHER;
import static dev.tidemark.contract.EngineSteps.PIECE;
import static dev.tidemark.contract.EngineSteps.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link StorageEngine} does. */
public interface StorageEngineContract {
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
  default void whatIsRestoredAnswersAsWhatWasBackedUp() {
    TargetUnit target = steps().target();
    Catalog catalog = environment().open().catalog();
    Map<Probe, String> answers = catalog.answers(catalog.probes(steps().shard()));
    steps().copy(RUN, target);
    steps().commit(RUN, target);
    steps().finish(RUN);
    answers.forEach(
        (probe, answer) -> {
          Probe there = probe.in(target.collection());
          assertThat(environment().open().catalog().answers(List.of(there)))
              .containsExactly(Map.entry(there, answer));
        });
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
    steps().requireNothingHeld();
    assertThat(environment().belongings()).isEqualTo(before);
  }

  @Test
  default void aClusterThatIsMadeAnewHasAnotherFingerprint() {
    String before = environment().open().catalog().describe().fingerprint();
    environment().change();
    assertThat(environment().open().catalog().describe().fingerprint()).isEqualTo(before);
    environment().recreate();
    assertThat(environment().open().catalog().describe().fingerprint()).isNotEqualTo(before);
  }

  // Source

  @Test
  default void aSnapshotOnceBegunIsFoundByEveryClient() {
    Shard shard = steps().shard();
    String name = steps().snapshot(RUN, shard);
    String again = steps().snapshot(RUN, shard);
    assertThat(again).isEqualTo(name);
  }

  @Test
  default void entriesAreListedStrictlyAscendingAndTheSameEachTime() {
    try (UnitReader reader = steps().reader(RUN, steps().shard())) {
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
    try (UnitReader reader = steps().reader(RUN, steps().shard())) {
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
    try (UnitReader reader = steps().reader(RUN, steps().shard())) {
      EntryPath missing = EntryPath.parse("no/such/file");
      assertThat(reader.look(missing)).isEmpty();
      assertThatExceptionOfType(UnitReader.FileGone.class).isThrownBy(() -> reader.open(missing));
    }
  }

  @Test
  default void aSnapshotIsEitherStableOrTellsOfChanges() {
    try (UnitReader reader = steps().reader(RUN, steps().shard())) {
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
    environment().pass(Duration.ofSeconds(5));
    Map<EntryPath, String> first;
    try (UnitReader reader = steps().reader(RUN, steps().shard())) {
      assertThat(EngineSteps.list(reader)).allMatch(SourceFile::strong);
      first = EngineSteps.identities(reader);
    }
    environment().open().source().releaseAll(RUN);
    Map<EntryPath, String> unchanged;
    try (UnitReader reader = steps().reader(OTHER, steps().shard())) {
      unchanged = EngineSteps.identities(reader);
    }
    assertThat(unchanged).isEqualTo(first);
    environment().open().source().releaseAll(OTHER);
    environment().change();
    try (UnitReader reader = steps().reader(RUN, steps().shard())) {
      assertThat(EngineSteps.identities(reader)).isNotEqualTo(first);
    }
  }

  @Test
  default void aReleasedSnapshotIsGoneAndReleasingItAgainDoesNoHarm() {
    Shard shard = steps().shard();
    String name = steps().snapshot(RUN, shard);
    for (int i = 0; i < 2; i++) {
      environment().open().source().release(RUN, EngineSteps.unit(shard), List.of(shard), name);
    }
    environment().open().source().releaseAll(RUN);
    steps().requireNothingHeld();
  }

  @Test
  default void aRunsSnapshotsDoNotConcernAnotherRun() {
    Shard shard = steps().shard();
    String mine = steps().snapshot(RUN, shard);
    String others = steps().snapshot(OTHER, shard);
    environment().open().source().release(OTHER, EngineSteps.unit(shard), List.of(shard), others);
    environment().open().source().releaseAll(OTHER);
    try (UnitReader reader =
        environment().open().source().open(RUN, EngineSteps.unit(shard), List.of(shard), mine)) {
      assertThat(EngineSteps.contents(reader)).isNotEmpty();
    }
  }

  @Test
  default void releasingARunLeavesNothingOfItAndEverythingOfTheUser() {
    Object before = environment().belongings();
    for (Shard shard : environment().open().catalog().shards(null, 1_000)) {
      steps().snapshot(RUN, shard);
    }
    environment().open().source().releaseAll(RUN);
    steps().requireNothingHeld();
    assertThat(environment().belongings()).isEqualTo(before);
    environment().open().source().releaseAll(RUN);
    assertThat(environment().belongings()).isEqualTo(before);
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
                          RUN, EngineSteps.unit(shard), List.of(shard), RUN.name() + "-no-such")) {
                EngineSteps.list(reader);
              }
            })
        .isInstanceOf(SnapshotGone.class);
  }

  // Target

  @Test
  default void aUnitWrittenBackElsewhereIsTheSame() {
    TargetUnit target = steps().target();
    var content = steps().copy(RUN, target);
    steps().commit(RUN, target);
    steps().finish(RUN);
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().source().releaseAll(RUN);
    steps().requireNothingHeld();
  }

  @Test
  default void nothingIsVisibleBeforeTheCommitAndAllAfterTheFinish() {
    TargetUnit target = steps().target();
    assertThat(environment().open().target().room(target).existing()).isEmpty();
    steps().copy(RUN, target);
    assertThat(steps().at(target)).isEmpty();
    assertThat(environment().open().target().room(target).existing()).isEmpty();
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isNotEmpty();
    steps().commit(RUN, target);
    steps().finish(RUN);
    assertThat(environment().open().target().room(target).existing()).isNotEmpty();
  }

  @Test
  default void committingAndFinishingAgainDoNoHarm() {
    TargetUnit target = steps().target();
    var content = steps().copy(RUN, target);
    steps().commit(RUN, target);
    steps().commit(RUN, target);
    for (int i = 0; i < 2; i++) {
      steps().finish(RUN);
      assertThat(steps().at(target)).isEqualTo(content);
    }
    steps().commit(RUN, target);
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void anotherClientGoesOnWhereTheFirstHadSynced() {
    TargetUnit target = steps().target();
    try (UnitReader reader = steps().reader(RUN, steps().shard())) {
      FileMeta large = EngineSteps.largest(reader).meta();
      byte[] whole = EngineSteps.bytes(reader, large);
      try (UnitWriter writer = steps().begin(RUN, target)) {
        EngineSteps.parents(reader, large.path()).forEach(writer::end);
        writer.write(large.path(), 0, ByteBuffer.wrap(whole, 0, PIECE));
        writer.sync();
      }
      try (UnitWriter writer = steps().begin(RUN, target)) {
        long written = writer.written(large.path());
        assertThat(written).isEqualTo(PIECE);
        assertThat(writer.written(EntryPath.parse("never-begun"))).isZero();
        writer.write(large.path(), PIECE, ByteBuffer.wrap(whole, PIECE, whole.length - PIECE));
        EngineSteps.list(reader).stream()
            .filter(f -> !f.meta().path().equals(large.path()))
            .forEach(f -> EngineSteps.write(reader, f.meta(), writer));
        writer.end(large);
        writer.sync();
      }
      steps().commit(RUN, target);
      steps().finish(RUN);
      assertThat(steps().at(target)).isEqualTo(environment().content(steps().shard(), reader));
    }
  }

  @Test
  default void writingEverythingASecondTimeGivesTheSame() {
    TargetUnit target = steps().target();
    steps().copy(RUN, target);
    var content = steps().copy(RUN, target);
    steps().commit(RUN, target);
    steps().finish(RUN);
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void whatExistsIsNotReplacedUnlessTold() {
    TargetUnit target = steps().target();
    var first = steps().copy(RUN, target);
    steps().commit(RUN, target);
    steps().finish(RUN);
    EngineSteps.refused(() -> steps().begin(OTHER, target));
    assertThat(steps().at(target)).isEqualTo(first);

    environment().open().source().releaseAll(RUN);
    environment().change();
    TargetUnit replacing = EngineSteps.replacing(target);
    var second = steps().copy(OTHER, replacing);
    assertThat(second).isNotEqualTo(first);
    assertThat(steps().at(target)).isEqualTo(first);
    steps().commit(OTHER, replacing);
    steps().finish(OTHER);
    assertThat(steps().at(target)).isEqualTo(second);
    environment().open().source().releaseAll(OTHER);
    steps().requireNothingHeld();
  }

  @Test
  default void anAbortLeavesNothingAndTouchesNothingElse() {
    Object before = environment().belongings();
    TargetUnit target = steps().target();
    steps().copy(RUN, target);
    for (int i = 0; i < 2; i++) {
      environment().open().target().abort(RUN, target);
      environment().open().target().discard(RUN);
    }
    environment().open().source().releaseAll(RUN);
    assertThat(steps().at(target)).isEmpty();
    steps().requireNothingHeld();
    assertThat(environment().belongings()).isEqualTo(before);
    steps().copy(RUN, target);
    steps().commit(RUN, target);
    steps().finish(RUN);
    assertThat(steps().at(target)).isNotEmpty();
  }

  @Test
  default void anAbortDoesNotTakeBackWhatIsCommitted() {
    TargetUnit target = steps().target();
    var content = steps().copy(RUN, target);
    steps().commit(RUN, target);
    environment().open().target().abort(RUN, target);
    steps().finish(RUN);
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().target().discard(RUN);
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void aUnitThatWasNeverBegunCannotBeCommitted() {
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> environment().open().target().commit(RUN, steps().target()))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  // Guard

  @Test
  default void aGuardEndsByItselfAndByBeingDropped() {
    Guard guard = environment().open().guard().orElse(null);
    if (guard == null) {
      return;
    }
    guard.take(RUN, Duration.ofMinutes(5));
    guard.take(RUN, Duration.ofMinutes(5));
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).containsExactly(RUN.name());
    environment().open().guard().orElseThrow().drop(RUN);
    steps().requireNothingHeld();
    guard.drop(RUN);
    guard.take(RUN, Duration.ofMinutes(5));
    environment().pass(Duration.ofMinutes(4));
    guard.take(RUN, Duration.ofMinutes(5));
    environment().pass(Duration.ofMinutes(4));
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).containsExactly(RUN.name());
    environment().pass(Duration.ofMinutes(2));
    steps().requireNothingHeld();
  }
}
