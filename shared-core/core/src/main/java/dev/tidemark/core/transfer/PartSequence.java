package dev.tidemark.core.transfer;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.PartHeader;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.PartLists;
import dev.tidemark.core.vault.PartNote;
import dev.tidemark.core.vault.PartReader;
import dev.tidemark.core.vault.PartRef;
import dev.tidemark.core.vault.PartWriter;
import dev.tidemark.core.vault.Unfinished;
import dev.tidemark.core.vault.Vault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The parts of a unit, written one after the other; each cut is a checkpoint. */
final class PartSequence {
  /** A part takes twice as many. */
  private static final int MAX_NOTES = 50_000;

  private final Vault vault;
  private final UnitTransfer.Job job;
  private final Limits limits;
  private final Uploads uploads;
  private final UnitTransfer.Saves saves;
  private final Evidence evidence;
  private final List<PartRef> parts;
  private final PriorityQueue<PartNote> notes =
      new PriorityQueue<>(Comparator.comparing(PartNote::path));
  private final @Nullable EntryPath resumed;
  private final @Nullable Unfinished unfinished;
  private final int triesBefore;
  private int nextPart;
  private long dropped;
  private long bytes;
  private @Nullable FileMeta before;
  private PartWriter part;
  private PartList listed;
  private int notesInPart;
  private long storedBefore;

  PartSequence(
      Vault vault,
      UnitTransfer.Job job,
      Limits limits,
      Uploads uploads,
      UnitTransfer.Saves saves,
      Evidence evidence,
      int nextPart) {
    this.vault = vault;
    this.job = job;
    this.limits = limits;
    this.uploads = uploads;
    this.saves = saves;
    this.evidence = evidence;
    this.nextPart = nextPart;
    Checkpoint from = job.from();
    this.dropped = from.dropped();
    this.bytes = from.bytes();
    this.triesBefore = from.tries();
    this.parts =
        new ArrayList<>(PartLists.read(vault.store(), job.clusterId(), job.unit(), from.parts()));
    PartRef last = Checkpoint.lastListing(parts);
    this.resumed = last == null ? null : last.last();
    this.before = last == null ? null : lastEntry(last);
    this.unfinished = parts.isEmpty() ? null : unfinished(parts.get(parts.size() - 1));
    this.listed = from.parts();
    this.part = newPart();
  }

  /** The last path of the earlier slices; null where they listed none. */
  @Nullable EntryPath resumed() {
    return resumed;
  }

  /** The file in which the last slice ended, if it did. */
  @Nullable Unfinished unfinished() {
    return unfinished;
  }

  /** How often the unfinished file has been begun. */
  int triesBefore() {
    return triesBefore;
  }

  List<PartRef> parts() {
    return parts;
  }

  int nextPart() {
    return nextPart;
  }

  long dropped() {
    return dropped;
  }

  /** Takes a note; it goes into the part that is written when its path is passed. */
  void note(String kind, EntryPath path, String detail) {
    if (resumed == null || path.compareTo(resumed) > 0) {
      notes.add(new PartNote(kind, path, detail));
    }
  }

  /** Notes an entry that is not stored. */
  void drop(EntryPath path, Settled.Dropped why) {
    dropped++;
    note(why.kind(), path, why.detail());
  }

  /** Whether a path lies below what was stored as a file or link: then the tree was moved. */
  boolean isBelowFile(EntryPath path) {
    return before != null && before.type() != FileType.DIRECTORY && path.startsWith(before.path());
  }

  void add(Entry entry) {
    if (before != null && before.path().compareTo(entry.path()) >= 0) {
      throw new IllegalStateException(
          "the listing has %s after %s".formatted(entry.path(), before.path()));
    }
    part.add(entry);
    evidence.add(entry);
    bytes += entry.meta().type() == FileType.FILE ? entry.meta().size() : 0;
    before = entry.meta();
    addNotes(entry.path());
    if (part.full()
        || part.entries() >= limits.partEntries()
        || notesInPart >= MAX_NOTES
        || isStoredEnough()) {
      cut(null, 0);
    }
  }

  /** Whether so much was stored since the last cut that another is due. */
  boolean isStoredEnough() {
    return uploads.stored() - storedBefore >= limits.partBytes();
  }

  /**
   * Writes the part so far and saves a checkpoint.
   *
   * @param tries how often the unfinished file has been begun
   */
  Checkpoint cut(@Nullable Unfinished file, int tries) {
    write(file);
    storedBefore = uploads.stored();
    Checkpoint checkpoint =
        new Checkpoint(
            list(),
            job.epoch(),
            uploads.nextBlob(),
            nextPart,
            tries,
            dropped,
            bytes,
            isBaseSuspect());
    saves.save(checkpoint);
    return checkpoint;
  }

  private void write(@Nullable Unfinished file) {
    if (file != null) {
      part.unfinished(file);
    }
    if (file != null || part.entries() > 0 || notesInPart > 0) {
      PartWriter.Finished finished = part.finish();
      uploads.part(finished.ref().name(), finished.object());
      parts.add(finished.ref());
      part = newPart();
      notesInPart = 0;
    }
  }

  /** Keeps what was stored of a snapshot that is gone, for the next one to build on. */
  void saveStored() {
    if (part.entries() > 0 && uploads.stored() > storedBefore) {
      cut(null, 0);
    }
  }

  /**
   * Writes the last part, if there is anything left to write. One that is also the first needs no
   * checkpoint: the unit is done with the next commit, and most units are so small.
   */
  PartList end() {
    addNotes(null);
    boolean left = part.entries() > 0 || notesInPart > 0;
    if (left && parts.size() > 0) {
      return cut(null, 0).parts();
    }
    write(null);
    return list();
  }

  private boolean isBaseSuspect() {
    return job.from().baseSuspect();
  }

  private PartList list() {
    if (listed.size() != parts.size()) {
      String name = job.writer() + "." + job.epoch() + "." + nextPart;
      listed = PartLists.of(vault, job.clusterId(), job.unit(), name, parts);
      nextPart += listed.object() == null ? 0 : 1;
    }
    return listed;
  }

  private void addNotes(@Nullable EntryPath upTo) {
    while (!notes.isEmpty() && (upTo == null || notes.peek().path().compareTo(upTo) <= 0)) {
      PartNote note = notes.remove();
      part.add(note);
      evidence.add(note);
      notesInPart++;
      if (notesInPart >= MAX_NOTES) {
        cut(null, 0);
      }
    }
  }

  private PartWriter newPart() {
    return new PartWriter(
        new PartHeader(
            job.clusterId(),
            job.unit(),
            job.writer(),
            job.epoch(),
            nextPart++,
            job.backupId(),
            job.snapshot(),
            job.chunkBytes()),
        job.compression());
  }

  private @Nullable FileMeta lastEntry(PartRef ref) {
    FileMeta last = null;
    try (PartReader reader = open(ref)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        last = entry.meta();
      }
    }
    return last;
  }

  private @Nullable Unfinished unfinished(PartRef ref) {
    try (PartReader reader = open(ref)) {
      if (!reader.header().snapshot().equals(job.snapshot())) {
        return null;
      }
      Entry entry = reader.next();
      while (entry != null) {
        entry = reader.next();
      }
      return reader.unfinished();
    }
  }

  private PartReader open(PartRef ref) {
    return PartReader.open(vault.store(), job.clusterId(), job.unit(), ref.name(), ref);
  }
}
