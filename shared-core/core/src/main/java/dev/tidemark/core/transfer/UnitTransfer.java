package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.Listing;
import dev.tidemark.core.parallel.Arena;
import dev.tidemark.core.parallel.Crew;
import dev.tidemark.core.time.Ids;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.EntryLookup;
import dev.tidemark.core.vault.ListingDigest;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads units into a vault; see the package's description. May be used by several threads, each
 * with a unit of its own; the memory of one is about parallelism × chunk, twice where little can be
 * compressed.
 */
public final class UnitTransfer {
  private final Vault vault;
  private final Ids ids;
  private final int parallelism;
  private final Limits limits;
  private final Arena.Pool arenas;

  /**
   * @param parallelism how many pieces of a unit are read at once; with 1 everything happens in the
   *     calling thread
   */
  public UnitTransfer(Vault vault, Ids ids, int parallelism, Limits limits) {
    this.vault = vault;
    this.ids = ids;
    this.parallelism = parallelism;
    this.limits = limits;
    this.arenas = new Arena.Pool(parallelism);
  }

  /**
   * What is to be done.
   *
   * @param unit the unit's key
   * @param name its canonical name
   * @param writer 12 characters of {@code [a-z0-9]}
   * @param epoch of the lease, at least 1; no two calls that may overlap, or of which one failed,
   *     have the same
   * @param snapshot its name; {@code from} holds for this snapshot only
   * @param chunkBytes a multiple of 8 MiB, at most 56
   * @param base the unit's record in the base; null where there is none
   * @param own the parts that this run wrote for other snapshots of the unit; only what is proven
   *     by strong identity is taken from them
   * @param from where the last slice ended; {@link Checkpoint#START} for the first one
   */
  public record Job(
      String clusterId,
      String unit,
      String name,
      String node,
      List<Shard> shards,
      String writer,
      int epoch,
      String backupId,
      String snapshot,
      Compression compression,
      long chunkBytes,
      @Nullable UnitRecord base,
      List<PartList> own,
      Checkpoint from) {
    public Job {
      if (chunkBytes < TreeDigest.LEAF_BYTES
          || chunkBytes > 7L * TreeDigest.LEAF_BYTES
          || chunkBytes % TreeDigest.LEAF_BYTES != 0) {
        throw new IllegalArgumentException(
            "a chunk of " + chunkBytes + " bytes is no multiple of 8 MiB from 8 to 56");
      }
    }

    private Job from(Checkpoint checkpoint) {
      return new Job(
          clusterId,
          unit,
          name,
          node,
          shards,
          writer,
          epoch,
          backupId,
          snapshot,
          compression,
          chunkBytes,
          base,
          own,
          checkpoint);
    }
  }

  /** Keeps checkpoints. */
  @FunctionalInterface
  public interface Saves {
    /**
     * Stores a checkpoint, on condition that the lease still holds.
     *
     * @throws RuntimeException to stop the transfer, which throws it on
     */
    void save(Checkpoint checkpoint);
  }

  /** How a slice ended. */
  public sealed interface Outcome {}

  /**
   * The unit is in the vault.
   *
   * @param baseSuspect whether the base did not match, so that all was read
   */
  public record Done(UnitRecord record, boolean baseSuspect) implements Outcome {}

  /** The slice is over; the checkpoint has been saved. */
  public record Paused(Checkpoint checkpoint) implements Outcome {}

  /**
   * Works on a unit for one slice. After a failure it may be called again, in another epoch, with
   * the checkpoint that was saved last.
   *
   * @param reader is not closed
   * @throws dev.tidemark.core.failure.TransientFailure as reader and vault do
   * @throws dev.tidemark.core.failure.PermanentFailure as reader and vault do; DAMAGED where stored
   *     blobs are not found again; CONFLICT where another writes under the same epoch
   */
  public Outcome run(Job job, UnitReader reader, Slice slice, Meter meter, Saves saves) {
    UnitRecord base = job.from().baseSuspect() ? null : job.base();
    boolean readsAll = base == null || base.since() + 1 >= Reuse.FULL_EVERY;
    boolean started = job.from().parts().size() > 0;
    meter.begin(job.from().bytes(), total(job, reader, meter));
    if (base != null && !readsAll && !started && isUnchanged(base, reader)) {
      meter.done(base.bytes());
      return new Done(unchanged(job, base), false);
    }
    var evidence = new Evidence(vault.store(), job);
    boolean sameEpoch = job.from().epoch() == job.epoch();
    var uploads = new Uploads(vault.store(), ids, job, sameEpoch ? job.from().nextBlob() : 0);
    var parts =
        new PartSequence(
            vault, job, limits, uploads, saves, evidence, sameEpoch ? job.from().nextPart() : 0);
    try {
      Checkpoint paused = walk(job, base, readsAll, reader, slice, meter, uploads, parts);
      if (paused != null) {
        return new Paused(paused);
      }
    } catch (BaseDiffers e) {
      Checkpoint anew = job.from().withoutBase(job.epoch(), uploads.nextBlob(), parts.nextPart());
      saves.save(anew);
      return slice.over() ? new Paused(anew) : run(job.from(anew), reader, slice, meter, saves);
    }
    PartList all = parts.end();
    if (started) {
      evidence = new Evidence(vault.store(), job);
      evidence.readBack(all);
    }
    UnitRecord record = evidence.record(all, readsAll ? 0 : since(base));
    return new Done(record, job.from().baseSuspect());
  }

  private @Nullable Checkpoint walk(
      Job job,
      @Nullable UnitRecord base,
      boolean readsAll,
      UnitReader reader,
      Slice slice,
      Meter meter,
      Uploads uploads,
      PartSequence parts) {
    PartList baseParts = base == null ? null : base.parts();
    Set<String> packs = baseParts == null ? Set.of() : usedPacks(job, baseParts, reader);
    var pieces = new Pieces(reader, uploads, arenas, meter, job.chunkBytes(), packs);
    var links =
        new HardLinks(
            parts,
            new EntryLookup(vault.store(), job.clusterId(), job.unit(), List.copyOf(parts.parts())),
            reader);
    try (Sources sources = new Sources(vault.store(), job, baseParts, packs, readsAll);
        Crew crew = new Crew(parallelism)) {
      Checkpoint paused =
          new SliceWalk(
                  reader,
                  slice,
                  limits,
                  job.chunkBytes(),
                  sources,
                  parts,
                  pieces,
                  crew,
                  meter,
                  links)
              .run();
      sources.prove();
      return paused;
    }
  }

  private Set<String> usedPacks(Job job, PartList base, UnitReader reader) {
    try (var entries = new BaseEntries(vault.store(), job.clusterId(), job.unit(), base)) {
      return Reuse.usedPacks(reader, entries);
    }
  }

  /** Whether a listing is the base's, and the base has all that it lists. */
  private static boolean isUnchanged(UnitRecord base, UnitReader reader) {
    if (base.weak() > 0 || !Set.of("special").containsAll(base.notes().keySet())) {
      return false;
    }
    var digest = new ListingDigest();
    Map<String, Long> notes = new HashMap<>();
    try (Listing listing = reader.list((kind, path, detail) -> notes.merge(kind, 1L, Long::sum))) {
      while (listing.hasNext()) {
        digest.add(listing.next());
      }
    }
    return digest.weak() == 0 && notes.equals(base.notes()) && digest.hex().equals(base.listing());
  }

  /** What the engine says; or the base, which is near enough; or what is listed. */
  private static long total(Job job, UnitReader reader, Meter meter) {
    long told = job.shards().stream().mapToLong(Shard::bytes).sum();
    if (told > 0 || job.base() != null || !meter.wantsTotal()) {
      return told > 0 || job.base() == null ? told : job.base().bytes();
    }
    long listed = 0;
    try (Listing listing = reader.list((kind, path, detail) -> {})) {
      while (listing.hasNext()) {
        FileMeta meta = listing.next().meta();
        listed += meta.type() == FileType.FILE ? meta.size() : 0;
      }
    }
    return listed;
  }

  private static UnitRecord unchanged(Job job, UnitRecord base) {
    return new UnitRecord(
        job.unit(),
        job.name(),
        job.node(),
        job.shards(),
        job.snapshot(),
        base.entries(),
        base.files(),
        base.bytes(),
        0,
        base.listing(),
        base.root(),
        0,
        since(base),
        base.notes(),
        base.parts());
  }

  private static int since(@Nullable UnitRecord base) {
    return base == null ? 0 : base.since() + 1;
  }
}
