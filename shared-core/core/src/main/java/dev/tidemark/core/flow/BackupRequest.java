package dev.tidemark.core.flow;

import dev.tidemark.core.config.PolicyConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a backup. The same request sent again gets the same answer.
 *
 * @param vault null: the cluster's own
 * @param backupId null: one is made from the time
 * @param include collections to include, with {@code *}; empty: all. Not together with exclude
 * @param exclude collections to leave out, with {@code *}
 * @param base the backup whose data may be reused, {@code none}, or null for the newest good one
 * @param policy the policy whose schedule asked, or null
 * @param compression a name that {@link dev.tidemark.core.vault.Compression#named} knows; null: the
 *     cluster's own
 * @param chunkMib 2 to 512; used rounded to a multiple of 8 from 8 to 56; null: the cluster's own
 */
public record BackupRequest(
    String cluster,
    @Nullable String vault,
    @Nullable String backupId,
    List<String> include,
    List<String> exclude,
    @Nullable String base,
    Map<String, String> labels,
    @Nullable String policy,
    @Nullable String compression,
    @Nullable Integer chunkMib) {

  public static BackupRequest of(String cluster) {
    return new BackupRequest(
        cluster, null, null, List.of(), List.of(), null, Map.of(), null, null, null);
  }

  /** What a policy's schedule asks for. */
  public static BackupRequest of(PolicyConfig policy, String cluster) {
    return new BackupRequest(
        cluster,
        policy.vault(),
        null,
        policy.include(),
        policy.exclude(),
        null,
        policy.labels(),
        policy.name(),
        null,
        null);
  }

  public BackupRequest withId(String id) {
    return new BackupRequest(
        cluster, vault, id, include, exclude, base, labels, policy, compression, chunkMib);
  }
}
