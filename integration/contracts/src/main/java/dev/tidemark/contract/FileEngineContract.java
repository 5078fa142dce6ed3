package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.tree.FileMeta;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What an engine does besides whose units are just files: it takes back whatever it is given, also
 * single files, and shows a unit as soon as it is committed.
 */
public interface FileEngineContract extends StorageEngineContract {
  private EngineSteps steps() {
    return new EngineSteps(environment());
  }

  /** What a snapshot has: entries, and the SHA-256 in hex of what regular files hold. */
  static Map<FileMeta, String> entries(UnitReader snapshot) {
    return EngineSteps.contents(snapshot);
  }

  @Test
  default void aUnitIsVisibleOnceItIsCommitted() {
    TargetUnit target = steps().target();
    var content = steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().target().abort(steps().run(), target);
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().target().discard(steps().run());
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void whatIsNeverWrittenIsZero() {
    TargetUnit target = steps().target();
    byte[] expected = new byte[300_000];
    expected[100_000] = 7;
    try (UnitReader reader = steps().reader(steps().run(), steps().shard());
        UnitWriter writer = steps().begin(steps().run(), target)) {
      writer.end(EngineSteps.list(reader).get(0).meta());
      FileMeta sparse = EngineSteps.largest(reader).meta().withSize(300_000);
      writer.write(sparse.path(), 100_000, ByteBuffer.wrap(new byte[] {7}));
      writer.end(sparse);
      writer.sync();
    }
    steps().commit(steps().run(), target);
    assertThat(environment().at(target).values())
        .anyMatch(sha256 -> sha256.equals(EngineSteps.sha256(expected)));
  }

  @Test
  default void someFilesNeverReplaceAWhole() {
    TargetUnit target = steps().target();
    var content = steps().copy(steps().run(), target);
    steps().commit(steps().run(), target);
    steps().finish(steps().run());
    EngineSteps.refused(() -> steps().begin(steps().other(), EngineSteps.some(target)));
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void whatCameInTheMeantimeIsNotReplacedByACommit() {
    TargetUnit target = steps().target();
    steps().copy(steps().run(), target);
    var content = steps().copy(steps().other(), target);
    steps().commit(steps().other(), target);
    steps().finish(steps().other());
    EngineSteps.refused(() -> steps().commit(steps().run(), target));
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().target().abort(steps().run(), target);
    environment().open().target().discard(steps().run());
    environment().open().source().releaseAll(steps().run());
    environment().open().source().releaseAll(steps().other());
    steps().requireNothingHeld();
  }
}
