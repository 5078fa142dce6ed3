package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.control.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run: something in progress, or ended.
 *
 * @param run its id, {@code <cluster>.<writer>}
 * @param id of the backup that it makes or reads
 * @param path where the vault is, in words
 * @param error why it failed, a sentence
 * @param completedAt absent while it is not terminal
 * @param size GiB of content, before compression
 * @param units how many it consists of, as far as it is planned
 * @param bytes of content that it has read, restored or compared, reused content included
 * @param stored how many bytes it added to the vault
 * @param resumableUntil until when a failed run can be resumed
 * @param verification what it has found; absent where the run is none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Run(
    String run,
    RunView.Kind kind,
    String id,
    Status status,
    String cluster,
    String vault,
    String path,
    @Nullable String error,
    Instant startedAt,
    @Nullable Instant completedAt,
    double size,
    long units,
    long unitsDone,
    long files,
    long bytes,
    long stored,
    @Nullable Instant resumableUntil,
    @Nullable Verification verification) {

  public static Run of(RunView view) {
    return new Run(
        view.run(),
        view.kind(),
        view.id(),
        view.status(),
        view.cluster(),
        view.vault(),
        view.path(),
        Views.emptyAsNull(view.error()),
        view.startedAt().truncatedTo(ChronoUnit.MILLIS),
        Views.millis(view.completedAt()),
        Views.gibibytes(view.bytes()),
        view.units(),
        view.unitsDone(),
        view.files(),
        view.bytes(),
        view.stored(),
        Views.millis(view.resumableUntil()),
        view.report() == null ? null : Verification.of(view.report()));
  }

  public RunView view() {
    return new RunView(
        run,
        kind,
        status,
        cluster,
        id,
        vault,
        path,
        startedAt,
        completedAt,
        units,
        unitsDone,
        files,
        bytes,
        stored,
        Views.nullAsEmpty(error),
        resumableUntil,
        verification == null ? null : verification.view(id));
  }
}
