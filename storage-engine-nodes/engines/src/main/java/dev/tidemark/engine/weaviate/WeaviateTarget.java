package dev.tidemark.engine.weaviate;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.List;

/** Refuses every restore before anything is begun: this release only backs Weaviate up. */
record WeaviateTarget(WeaviateConfig config) implements Target {

  private PermanentFailure refused() {
    return PermanentFailure.of(Kind.INVALID, "restore into cluster " + config.name())
        .expected("an engine that this release restores into")
        .found("weaviate")
        .hint("restore the files into a folder: its units are the shards' files");
  }

  @Override
  public List<Room> rooms(List<TargetUnit> units) {
    throw refused();
  }

  @Override
  public void check(String schema, List<TargetUnit> units) {
    throw refused();
  }

  @Override
  public void prepare(RunToken token, String schema, List<TargetUnit> units) {
    throw refused();
  }

  @Override
  public UnitWriter begin(RunToken token, TargetUnit unit) {
    throw refused();
  }

  @Override
  public boolean holds(RunToken token, TargetUnit unit, String place) {
    return false;
  }

  @Override
  public void commit(RunToken token, TargetUnit unit, String place) {
    throw refused();
  }

  /** Nothing was begun. */
  @Override
  public void abort(RunToken token, TargetUnit unit) {}

  @Override
  public void finish(RunToken token) {
    throw refused();
  }

  /** Nothing was begun. */
  @Override
  public void discard(RunToken token) {}
}
