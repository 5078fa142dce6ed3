package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.control.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request for a backup.
 *
 * @param backend the kind of the store of its vault, like {@code s3} or {@code filesystem}
 * @param path where the vault is, in words
 * @param run by which its progress is asked for
 * @param config as it is used
 * @param notices what is used otherwise than it was asked for, each a sentence
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StartedBackup(
    String id,
    Status status,
    String backend,
    String path,
    @Nullable String error,
    Instant startedAt,
    String cluster,
    String vault,
    String run,
    BackupConfig config,
    List<String> notices) {

  public static StartedBackup of(
      RunView view, String backend, BackupConfig config, List<String> notices) {
    return new StartedBackup(
        view.id(),
        view.status(),
        backend,
        view.path(),
        Views.emptyAsNull(view.error()),
        view.startedAt().truncatedTo(ChronoUnit.MILLIS),
        view.cluster(),
        view.vault(),
        view.run(),
        config,
        notices);
  }
}
