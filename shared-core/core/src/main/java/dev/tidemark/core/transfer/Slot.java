package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.parallel.Crew;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A place in the order of the entries, which may have to wait for what belongs there. */
interface Slot {
  /** Whether to wait. */
  enum Wait {
    FOR_IT,
    NOT
  }

  /** What was listed. */
  SourceFile file();

  /** What became of it; null where that is not known yet. */
  @Nullable Settled settled(Wait wait);

  /** An entry that need not be read. */
  record Ready(SourceFile file, Settled outcome) implements Slot {
    @Override
    public Settled settled(Wait wait) {
      return outcome;
    }
  }

  /** One of several files that are read together. */
  record Packed(SourceFile file, Batch batch, int index) implements Slot {
    @Override
    public @Nullable Settled settled(Wait wait) {
      Future<List<Settled>> files = batch.files;
      if (files == null || (wait == Wait.NOT && !files.isDone())) {
        return null;
      }
      return Crew.join(files).get(index);
    }
  }

  /** Files that are read together. */
  final class Batch {
    final List<Wanted> wanted = new ArrayList<>();
    long bytes;
    @Nullable Future<List<Settled>> files;

    Slot add(Wanted file) {
      bytes += file.size();
      wanted.add(file);
      return new Packed(file.file(), this, wanted.size() - 1);
    }

    void submit(Crew crew, Pieces pieces) {
      files = crew.submit(() -> pieces.files(wanted));
    }
  }
}
