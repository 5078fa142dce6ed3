package dev.tidemark.core.restore;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.restore.UnitRestore.Checkpoint;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.PartRef;
import dev.tidemark.core.vault.UnitEntries;
import dev.tidemark.core.vault.UnitShards;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One slice's walk over the entries of a unit; picks what the filter includes. */
final class RestoreWalk {
  /** What a slice that reads nothing does at least. */
  private static final int LEAST_ENTRIES = 8_192;

  private final BlobStore store;
  private final UnitRestore.Job job;
  private final List<PartRef> parts;
  private final Slice slice;
  private final Output output;
  private final LinkTargets links;

  /** Folders above the current path that are only restored if something in them is. */
  private final ArrayDeque<Entry> folders = new ArrayDeque<>();

  private long index;

  RestoreWalk(
      BlobStore store,
      UnitRestore.Job job,
      List<PartRef> parts,
      Slice slice,
      Output output,
      LinkTargets links) {
    this.store = store;
    this.job = job;
    this.parts = parts;
    this.slice = slice;
    this.output = output;
    this.links = links;
  }

  /** Walks until the unit or the slice ends; a checkpoint where the slice did. */
  @Nullable Checkpoint run() {
    try (UnitEntries entries =
        UnitEntries.open(store, job.clusterId(), job.record().unit(), remaining())) {
      for (Entry listed = entries.next(); listed != null; listed = entries.next()) {
        if (!listed.path().startsWith(job.folder())) {
          continue; // to the end, which proves the part
        }
        Entry entry = UnitShards.from(job.folder(), listed);
        index++;
        boolean included = job.paths().includes(entry.path());
        leaveFolders(entry.path());
        if (index <= job.from().entries()) {
          pass(entry, included);
        } else if (mayPause()) {
          return output.pause(index - 1);
        } else if (!included) {
          enterFolder(entry);
        } else if (!restore(entry)) {
          return output.pause(index - 1);
        }
      }
    }
    return null;
  }

  /** With a filter earlier entries matter: as folders, and as what links point to. */
  private PartList remaining() {
    int skipped = 0;
    while (job.isWhole()
        && skipped < parts.size()
        && index + parts.get(skipped).entries() <= job.from().entries()) {
      index += parts.get(skipped).entries();
      skipped++;
    }
    return new PartList(parts.subList(skipped, parts.size()), null);
  }

  private boolean mayPause() {
    return (output.hasWorked() || index - job.from().entries() > LEAST_ENTRIES) && slice.over();
  }

  private void pass(Entry entry, boolean included) {
    if (!included) {
      enterFolder(entry);
    } else if (entry.meta().type() == FileType.HARDLINK) {
      links.pass(entry);
    }
  }

  private void enterFolder(Entry entry) {
    if (entry.meta().type() == FileType.DIRECTORY) {
      folders.addLast(entry);
    }
  }

  private void leaveFolders(EntryPath path) {
    while (!folders.isEmpty() && !path.startsWith(folders.getLast().path())) {
      folders.removeLast();
    }
  }

  /** Restores an entry; false where the slice ended before it did. */
  private boolean restore(Entry listed) {
    while (!folders.isEmpty()) {
      output.plain(index - 1, folders.removeFirst().meta());
    }
    Entry entry = listed.meta().type() == FileType.HARDLINK ? links.resolve(listed) : listed;
    if (entry.meta().type() != FileType.FILE || entry.extents().isEmpty()) {
      output.plain(index, entry.meta());
      return true;
    }
    if (entry.extents().size() == 1 && entry.extents().get(0).blob() != null) {
      output.single(index, entry);
      return true;
    }
    return output.large(index, entry, this::mayPause);
  }
}
