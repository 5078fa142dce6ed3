package dev.tidemark.core.restore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.parallel.Arena;
import dev.tidemark.core.parallel.Crew;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.transfer.Meter;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.EntryLookup;
import dev.tidemark.core.vault.PartLists;
import dev.tidemark.core.vault.PartRef;
import dev.tidemark.core.vault.UnitRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes units back. May be used by several threads, each with a unit of its own; the memory of one
 * is about (parallelism + 1) × chunk.
 */
public final class UnitRestore {
  private final BlobStore store;
  private final int parallelism;
  private final Arena.Pool arenas;

  /**
   * @param parallelism how many pieces of a unit are read and proven at once; with 1 everything
   *     happens in the calling thread. Only that thread ever uses the writer
   */
  public UnitRestore(BlobStore store, int parallelism) {
    this.store = store;
    this.parallelism = parallelism;
    this.arenas = new Arena.Pool(parallelism + 1);
  }

  /**
   * What is to be done.
   *
   * @param record of the unit in the backup
   * @param folder of the unit which is restored as if it was the unit: that of a shard where the
   *     unit has several, else the root
   * @param paths what of it, as seen from the folder
   * @param from where the last slice ended; {@link Checkpoint#START} for the first one
   */
  public record Job(
      String clusterId, UnitRecord record, EntryPath folder, PathFilter paths, Checkpoint from) {

    /** The same, as far as it has come at that place. */
    Job at(String place) {
      return new Job(clusterId, record, folder, paths, from.at(place));
    }

    boolean isWhole() {
      return folder.isRoot() && paths.isAll();
    }
  }

  /**
   * How far a restore has come. The file after these entries may have been begun: how far is known
   * by the writer.
   *
   * @param place of the target where that is so, and nowhere else; empty at the start
   * @param entries of the folder that are dealt with
   * @param files how many regular files are restored
   * @param bytes of their content
   */
  public record Checkpoint(String place, long entries, long files, long bytes) {
    /** Nothing done yet. */
    public static final Checkpoint START = new Checkpoint("", 0, 0, 0);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** This where it is about that place, else that nothing is done there yet. */
    Checkpoint at(String where) {
      return place.equals(where) ? this : new Checkpoint(where, 0, 0, 0);
    }

    /** The JSON form, one short object. */
    public String toJson() {
      return JSON.createObjectNode()
          .put("place", place)
          .put("entries", entries)
          .put("files", files)
          .put("bytes", bytes)
          .toString();
    }

    /**
     * Reads what {@link #toJson} wrote; unknown fields are ignored.
     *
     * @throws IllegalArgumentException where it is something else
     */
    public static Checkpoint parse(String text) {
      try {
        JsonNode json = JSON.readTree(text);
        // A release that named no place may have written it: then all is written once more.
        return new Checkpoint(
            json.path("place").asText(""),
            json.required("entries").longValue(),
            json.required("files").longValue(),
            json.required("bytes").longValue());
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("not a checkpoint: " + text, e);
      }
    }
  }

  /** Keeps checkpoints. */
  @FunctionalInterface
  public interface Saves {
    /**
     * Stores a checkpoint, on condition that the lease still holds. The writer was synced before.
     *
     * @throws RuntimeException to stop the restore, which throws it on
     */
    void save(Checkpoint checkpoint);
  }

  /** How a slice ended. */
  public sealed interface Outcome {}

  /**
   * Everything is written and synced, and can be committed.
   *
   * @param end everything, and where it is
   */
  public record Done(Checkpoint end) implements Outcome {}

  /** The slice is over; the checkpoint has been saved. */
  public record Paused(Checkpoint checkpoint) implements Outcome {}

  /**
   * Works on a unit for one slice. After a failure it may be called again with the checkpoint that
   * was saved last. A checkpoint of another place than the writer's counts for nothing: the unit is
   * written from its start.
   *
   * @param writer is neither committed nor closed
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED, naming object and file, where the
   *     vault does not hold what it should; as the writer does
   * @throws dev.tidemark.core.failure.TransientFailure as vault and writer do
   * @throws dev.tidemark.core.engine.PlaceGone as the writer does
   */
  public Outcome run(Job wanted, Target.UnitWriter writer, Slice slice, Meter meter, Saves saves) {
    Job job = wanted.at(writer.place());
    meter.begin(job.from().bytes(), job.isWhole() ? job.record().bytes() : 0);
    String unit = job.record().unit();
    List<PartRef> parts =
        PartLists.read(store, job.clusterId(), unit, job.record().parts()).stream()
            .filter(part -> part.mayHold(job.folder()))
            .toList();
    try (Crew crew = new Crew(parallelism)) {
      var output =
          new Output(
              writer,
              crew,
              new Blobs(store, job.clusterId(), unit),
              arenas,
              meter,
              saves,
              job.from(),
              parallelism);
      var links =
          new LinkTargets(
              job.paths(), job.folder(), new EntryLookup(store, job.clusterId(), unit, parts));
      @Nullable Checkpoint paused = new RestoreWalk(store, job, parts, slice, output, links).run();
      if (paused != null) {
        return new Paused(paused);
      }
      return new Done(output.finish());
    }
  }
}
