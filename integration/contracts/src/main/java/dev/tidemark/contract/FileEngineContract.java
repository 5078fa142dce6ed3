package dev.tidemark.contract;

import static dev.tidemark.contract.EngineSteps.OTHER;
import static dev.tidemark.contract.EngineSteps.RUN;
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
    var content = steps().copy(RUN, target);
    steps().commit(RUN, target);
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().target().abort(RUN, target);
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().target().discard(RUN);
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void whatIsNeverWrittenIsZero() {
    TargetUnit target = steps().target();
    byte[] expected = new byte[300_000];
    expected[100_000] = 7;
    try (UnitReader reader = steps().reader(RUN, steps().shard());
        UnitWriter writer = steps().begin(RUN, target)) {
      writer.end(EngineSteps.list(reader).get(0).meta());
      FileMeta sparse = EngineSteps.largest(reader).meta().withSize(300_000);
      writer.write(sparse.path(), 100_000, ByteBuffer.wrap(new byte[] {7}));
      writer.end(sparse);
      writer.sync();
    }
    steps().commit(RUN, target);
    assertThat(environment().at(target).values())
        .anyMatch(sha256 -> sha256.equals(EngineSteps.sha256(expected)));
  }

  @Test
  default void someFilesNeverReplaceAWhole() {
    TargetUnit target = steps().target();
    var content = steps().copy(RUN, target);
    steps().commit(RUN, target);
    steps().finish(RUN);
    EngineSteps.refused(() -> steps().begin(OTHER, EngineSteps.some(target)));
    assertThat(steps().at(target)).isEqualTo(content);
  }

  @Test
  default void whatCameInTheMeantimeIsNotReplacedByACommit() {
    TargetUnit target = steps().target();
    steps().copy(RUN, target);
    var content = steps().copy(OTHER, target);
    steps().commit(OTHER, target);
    steps().finish(OTHER);
    EngineSteps.refused(() -> steps().commit(RUN, target));
    assertThat(steps().at(target)).isEqualTo(content);
    environment().open().target().abort(RUN, target);
    environment().open().target().discard(RUN);
    environment().open().source().releaseAll(RUN);
    environment().open().source().releaseAll(OTHER);
    steps().requireNothingHeld();
  }
}
