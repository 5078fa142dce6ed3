package dev.tidemark.contract;

import static dev.tidemark.contract.EngineSteps.PIECE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link StorageEngine} does. */
public interface StorageEngineContract extends BackupEngineContract {
  private EngineSteps steps() {
    return new EngineSteps(environment());
  }

  @Test
  default void whatIsRestoredAnswersAsWhatWasBackedUp() {
    TargetUnit target = steps().target();
    Catalog catalog = environment().open().catalog();
    Map<Probe, String> answers = catalog.answers(catalog.probes(steps().shard()));
    steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    answers.forEach(
        (probe, answer) -> {
          Probe there = probe.in(target.collection());
          assertThat(environment().open().catalog().answers(List.of(there)))
              .containsExactly(Map.entry(there, answer));
        });
  }

  @Test
  default void aUnitTakesAPlainRootToo() {
    TargetUnit target = steps().target();
    try (UnitReader reader = steps().reader(steps().run(), steps().shard());
        UnitWriter writer = steps().begin(steps().run(), target)) {
      assertThat(EngineSteps.list(reader)).isNotEmpty();
      writer.end(new FileMeta(EntryPath.ROOT, FileType.DIRECTORY, 0, 0755, 0, 0, 0, 0, null));
      writer.sync();
    }
    steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    assertThat(steps().at(target)).isNotEmpty();
  }

  @Test
  default void aUnitWrittenBackElsewhereIsTheSame() {
    TargetUnit target = steps().target();
    var content = steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().source().releaseAll(steps().run());
    steps().requireNothingHeld();
  }

  @Test
  default void nothingIsVisibleBeforeTheCommitAndAllAfterTheFinish() {
    TargetUnit target = steps().target();
    assertThat(steps().existing(target)).isEmpty();
    steps().copy(steps().run(), target);
    assertThat(steps().at(target)).isEmpty();
    assertThat(steps().existing(target)).isEmpty();
    assertThat(environment().open().catalog().leftovers(environment().deployment())).isNotEmpty();
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    assertThat(steps().existing(target)).isNotEmpty();
  }

  @Test
  default void committingAndFinishingAgainDoNoHarm() {
    TargetUnit target = steps().target();
    var content = steps().copy(steps().run(), target);
    String place = steps().place(steps().run(), target);
    environment().open().target().commit(steps().run(), target, place);
    environment().open().target().commit(steps().run(), target, place);
    for (int i = 0; i < 2; i++) {
      steps().finish(steps().run());
      assertThat(steps().at(target)).isEqualTo(content);
    }
    environment().open().target().commit(steps().run(), target, place);
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void anotherClientGoesOnWhereTheFirstHadSynced() {
    TargetUnit target = steps().target();
    try (UnitReader reader = steps().reader(steps().run(), steps().shard())) {
      FileMeta large = EngineSteps.largest(reader).meta();
      byte[] whole = EngineSteps.bytes(reader, large);
      try (UnitWriter writer = steps().begin(steps().run(), target)) {
        EngineSteps.parents(reader, large.path()).forEach(writer::end);
        writer.write(large.path(), 0, ByteBuffer.wrap(whole, 0, PIECE));
        writer.sync();
      }
      try (UnitWriter writer = steps().begin(steps().run(), target)) {
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
      steps().commit(steps().run(), target);
      steps().finish(steps().run());
      assertThat(steps().at(target)).isEqualTo(environment().content(steps().shard(), reader));
    }
  }

  @Test
  default void writingEverythingASecondTimeGivesTheSame() {
    TargetUnit target = steps().target();
    steps().copy(steps().run(), target);
    var content = steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void whatExistsIsNotReplacedUnlessTold() {
    TargetUnit target = steps().target();
    var first = steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    EngineSteps.refused(() -> steps().begin(steps().other(), target));
    assertThat(steps().at(target)).isEqualTo(first);

    environment().open().source().releaseAll(steps().run());
    environment().change();
    TargetUnit replacing = EngineSteps.replacing(target);
    var second = steps().copy(steps().other(), replacing);
    assertThat(second).isNotEqualTo(first);
    assertThat(steps().at(target)).isEqualTo(first);
    steps().commit(steps().other(), replacing);
    steps().finish(steps().other());
    assertThat(steps().at(target)).isEqualTo(second);
    environment().open().source().releaseAll(steps().other());
    steps().requireNothingHeld();
  }

  @Test
  default void anAbortLeavesNothingAndTouchesNothingElse() {
    Object before = environment().belongings();
    TargetUnit target = steps().target();
    steps().copy(steps().run(), target);
    for (int i = 0; i < 2; i++) {
      environment().open().target().abort(steps().run(), target);
      environment().open().target().discard(steps().run());
    }
    environment().open().source().releaseAll(steps().run());
    assertThat(steps().at(target)).isEmpty();
    steps().requireNothingHeld();
    assertThat(environment().belongings()).isEqualTo(before);
    steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    assertThat(steps().at(target)).isNotEmpty();
  }

  @Test
  default void anAbortDoesNotTakeBackWhatIsCommitted() {
    TargetUnit target = steps().target();
    var content = steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    environment().open().target().abort(steps().run(), target);
    steps().finish(steps().run());
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().target().discard(steps().run());
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void aUnitThatWasNeverBegunCannotBeCommitted() {
    assertThatExceptionOfType(PlaceGone.class)
        .isThrownBy(
            () -> environment().open().target().commit(steps().run(), steps().target(), "nowhere"));
  }

  @Test
  default void aPlaceIsTheSameToEveryWriterUntilWhatIsThereIsLost() {
    TargetUnit target = steps().target();
    steps().copy(steps().run(), target);
    String place = steps().place(steps().run(), target);
    assertThat(place).isNotEmpty().hasSizeLessThanOrEqualTo(100);
    assertThat(steps().place(steps().run(), target)).isEqualTo(place);
    assertThat(environment().open().target().holds(steps().run(), target, place)).isTrue();
    assertThat(environment().open().target().holds(steps().run(), target, "elsewhere")).isFalse();
    environment().open().target().commit(steps().run(), target, place);
    assertThat(environment().open().target().holds(steps().run(), target, place)).isTrue();
  }

  @Test
  default void whatTheTargetLostIsNeitherHeldNorCommittedAndIsWrittenAnewElsewhere() {
    TargetUnit target = steps().target();
    var content = steps().copy(steps().run(), target);
    String lost = steps().place(steps().run(), target);
    environment().loseBegun();
    assertThat(environment().open().target().holds(steps().run(), target, lost)).isFalse();
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(PlaceGone.class)
          .isThrownBy(() -> environment().open().target().commit(steps().run(), target, lost));
      // Begun anew, and still not to be committed as what it was.
      assertThat(steps().place(steps().run(), target)).isNotEqualTo(lost);
      assertThat(environment().open().target().holds(steps().run(), target, lost)).isFalse();
    }
    assertThat(steps().at(target)).isEmpty();
    try (UnitReader reader = steps().reader(steps().run(), steps().shard());
        UnitWriter writer = steps().begin(steps().run(), target)) {
      assertThat(writer.written(EngineSteps.largest(reader).meta().path())).isZero();
    }
    steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void aWriterWhosePlaceIsLostSaysSoOrThatItCannotWriteNow() {
    TargetUnit target = steps().target();
    byte[] bytes = new byte[PIECE];
    try (UnitReader reader = steps().reader(steps().run(), steps().shard());
        UnitWriter writer = steps().begin(steps().run(), target)) {
      assertThat(EngineSteps.list(reader)).isNotEmpty();
      EntryPath path = EntryPath.parse("CURRENT");
      writer.write(path, 0, ByteBuffer.wrap(bytes));
      writer.sync();
      environment().loseBegun();
      assertThatThrownBy(
              () -> {
                writer.write(path, PIECE, ByteBuffer.wrap(bytes));
                writer.sync();
              })
          .isInstanceOfAny(PlaceGone.class, TransientFailure.class);
    }
  }
}
