package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemark.core.control.BackupDetails;
import dev.tidemark.core.control.BackupView;
import dev.tidemark.core.control.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup, in progress, failed or sealed.
 *
 * @param backend the kind of the store of its vault, like {@code s3} or {@code filesystem}; absent
 *     where the vault is not configured
 * @param path where the vault is, in words
 * @param error why it failed, a sentence
 * @param completedAt absent while it is not terminal
 * @param size GiB of content, before compression
 * @param classes the collections in it; absent in lists, and of one that is not sealed
 * @param clusterId of the incarnation of the cluster
 * @param run of its making; absent where no table knows it
 * @param vault its configured name
 * @param stored how many bytes it added to the vault
 * @param base the id of the backup whose data it reuses
 * @param missing how many things it does not hold as it should
 * @param details what its manifest says; absent in lists, and of one that is not sealed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Backup(
    String id,
    Status status,
    @Nullable String backend,
    String path,
    @Nullable String error,
    Instant startedAt,
    @Nullable Instant completedAt,
    double size,
    @Nullable List<String> classes,
    String cluster,
    String clusterId,
    String engine,
    @Nullable String run,
    String vault,
    long units,
    long files,
    long bytes,
    long stored,
    @JsonProperty("incremental_base_backup_id") @Nullable String base,
    @Nullable String policy,
    Map<String, String> labels,
    long missing,
    @Nullable Details details) {

  /**
   * What a sealed backup says of itself.
   *
   * @param entries files, directories and links
   * @param notes how many entries are not stored as they should be, by the reason
   * @param notIncluded what is not in it, and why: thing to reason
   * @param alsoIncluded what it holds that its shards do not tell, in words: thing to words
   * @param chunkBytes the size of its chunks
   * @param configuration the digest of the configuration that it was made with
   * @param tidemark the release that made it
   * @param root the digest of everything in it
   * @param marks what was noted of it since, each in words
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Details(
      String engineVersion,
      String fingerprint,
      String consistency,
      String scope,
      List<String> nodes,
      List<String> collections,
      List<String> include,
      List<String> exclude,
      long entries,
      Map<String, Long> notes,
      Map<String, String> notIncluded,
      Map<String, String> alsoIncluded,
      String compression,
      long chunkBytes,
      String encryption,
      String configuration,
      String tidemark,
      String root,
      List<String> marks) {}

  public static Backup of(BackupView view, @Nullable String backend) {
    return of(view, backend, null);
  }

  public static Backup of(BackupDetails view, @Nullable String backend) {
    return of(view.backup(), backend, view.root().isEmpty() ? null : details(view));
  }

  private static Backup of(BackupView view, @Nullable String backend, @Nullable Details details) {
    return new Backup(
        view.id(),
        view.status(),
        backend,
        view.path(),
        Views.emptyAsNull(view.error()),
        view.startedAt().truncatedTo(ChronoUnit.MILLIS),
        Views.millis(view.completedAt()),
        Views.gibibytes(view.bytes()),
        details == null ? null : details.collections(),
        view.cluster(),
        view.clusterId(),
        view.engine(),
        Views.emptyAsNull(view.run()),
        view.vault(),
        view.units(),
        view.files(),
        view.bytes(),
        view.stored(),
        view.base(),
        view.policy(),
        view.labels(),
        view.missing(),
        details);
  }

  private static Details details(BackupDetails view) {
    return new Details(
        view.engineVersion(),
        view.fingerprint(),
        view.consistency(),
        view.scope(),
        view.nodes(),
        view.collections(),
        view.include(),
        view.exclude(),
        view.entries(),
        view.notes(),
        view.notIncluded(),
        view.alsoIncluded(),
        view.compression(),
        view.chunkBytes(),
        view.encryption(),
        view.configuration(),
        view.tidemark(),
        view.root(),
        view.marks());
  }

  public BackupView view() {
    return new BackupView(
        id,
        cluster,
        clusterId,
        engine,
        Views.nullAsEmpty(run),
        vault,
        path,
        status,
        startedAt,
        completedAt,
        units,
        files,
        bytes,
        stored,
        base,
        policy,
        labels,
        missing,
        Views.nullAsEmpty(error));
  }

  public BackupDetails detailsView() {
    if (details == null) {
      return BackupDetails.unsealed(view());
    }
    return new BackupDetails(
        view(),
        details.engineVersion(),
        details.fingerprint(),
        details.consistency(),
        details.scope(),
        details.nodes(),
        details.collections(),
        details.include(),
        details.exclude(),
        details.entries(),
        details.notes(),
        details.notIncluded(),
        details.alsoIncluded(),
        details.compression(),
        details.chunkBytes(),
        details.encryption(),
        details.configuration(),
        details.tidemark(),
        details.root(),
        details.marks());
  }
}
