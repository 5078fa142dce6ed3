package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.ManifestText;
import dev.tidemark.core.vault.VaultKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether the manifest of a plan will fit: better to know before the first byte than at the end.
 */
final class ManifestRoom {
  /** For what is known at the end only, like kinds of notes. */
  private static final int SPARE_BYTES = 16 << 10;

  private static final String SHA256 = "0".repeat(64);

  private ManifestRoom() {}

  /**
   * Answers the plan.
   *
   * @throws PermanentFailure INVALID where the manifest could become too large
   */
  static Plan require(RunRow run, String vault, String version, Plan plan) {
    long bytes = ManifestText.bytes(largest(run, vault, version, plan)) + SPARE_BYTES;
    if (bytes > ManifestText.MAX_BYTES) {
      throw PermanentFailure.of(
              PermanentFailure.Kind.INVALID,
              "backup %s of cluster %s".formatted(run.backupId(), run.cluster()))
          .expected("a manifest of at most %d bytes".formatted(ManifestText.MAX_BYTES))
          .found(
              "up to %d bytes for %d units of %d collections in %d lanes"
                  .formatted(bytes, plan.units(), plan.collections().size(), plan.lanes().size()))
          .hint("make several backups, each of some of the collections (--include)");
    }
    return plan;
  }

  /** A manifest of this plan in which every number is as long as it can be. */
  private static Manifest largest(RunRow run, String vault, String version, Plan plan) {
    List<Manifest.IndexRef> index = new ArrayList<>();
    plan.lanes().forEach(lane -> index.add(ref(run, LaneText.what(lane.lane()))));
    List.of("coverage", "schema", "census").forEach(kind -> index.add(ref(run, kind)));
    RunRow.BackupFacts asked = run.facts();
    long most = Long.MAX_VALUE;
    Instant time = Instant.ofEpochMilli(run.created());
    return new Manifest(
        new Manifest.Header(
            vault,
            run.backupId(),
            run.cluster(),
            run.clusterId(),
            asked.engine(),
            asked.engineVersion(),
            asked.fingerprint(),
            run.writer(),
            time,
            time,
            asked.consistency(),
            asked.scope(),
            plan.units(),
            most,
            most,
            most,
            most,
            Map.of(),
            most,
            most,
            asked.base(),
            asked.policy(),
            asked.labels(),
            asked.compression(),
            asked.chunk(),
            "none",
            run.config(),
            version,
            SHA256),
        new Manifest.Body(
            plan.nodes(), plan.collections(), asked.include(), asked.exclude(), index));
  }

  private static Manifest.IndexRef ref(RunRow run, String what) {
    return new Manifest.IndexRef(VaultKeys.indexName(run.writer(), what), SHA256, 1_000_000);
  }
}
