package dev.tidemark.core.transfer;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.PartList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a file's content can be taken from instead of reading it, beside a listing. */
final class Sources implements AutoCloseable {
  private final BaseEntries base;
  private final List<EntryCursor> own;
  private final Set<String> packs;
  private final String backupId;
  private final boolean readsAll;

  /**
   * @param readsAll whether even what is proven to be unchanged is read
   */
  Sources(
      BlobStore store,
      UnitTransfer.Job job,
      @Nullable PartList base,
      Set<String> packs,
      boolean readsAll) {
    this.packs = packs;
    this.backupId = job.backupId();
    this.readsAll = readsAll;
    this.base = new BaseEntries(store, job.clusterId(), job.unit(), base);
    this.own =
        (job.from().baseSuspect() ? List.<PartList>of() : job.own())
            .stream()
                .map(parts -> new EntryCursor(store, job.clusterId(), job.unit(), parts))
                .toList();
  }

  /** An entry whose content is that of the file, without reading it; null where there is none. */
  @Nullable Entry proven(SourceFile file) {
    EntryPath path = file.meta().path();
    for (EntryCursor cursor : own) {
      Entry entry = cursor.at(path);
      if (entry != null && isUsable(file, entry)) {
        return entry;
      }
    }
    Entry entry = base.file(path);
    return entry != null && isUsable(file, entry) && !readsAll && !Reuse.isSampled(backupId, path)
        ? entry
        : null;
  }

  /** What is known of a file that is read. */
  Wanted wanted(SourceFile file) {
    Entry entry = base.file(file.meta().path());
    return new Wanted(file, entry, entry != null && Reuse.isProven(file, entry));
  }

  /** To be called after the last file. */
  void prove() {
    base.prove();
    own.forEach(EntryCursor::prove);
  }

  private boolean isUsable(SourceFile file, Entry entry) {
    return entry.meta().type() == FileType.FILE
        && Reuse.isProven(file, entry)
        && Reuse.isUsable(entry, packs);
  }

  @Override
  public void close() {
    base.close();
    own.forEach(EntryCursor::close);
  }
}
