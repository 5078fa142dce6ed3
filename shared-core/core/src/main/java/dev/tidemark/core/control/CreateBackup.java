package dev.tidemark.core.control;

import dev.tidemark.core.vault.Compression;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup to be made.
 *
 * @param cluster the name of a configured cluster
 * @param id {@code [a-z0-9_-]{1,128}}; null to have one made
 * @param vault the name of a configured vault; null for the policy's or else the cluster's
 * @param policy the name of a configured policy that the cluster belongs to, whose vault, selection
 *     and labels hold where the request says nothing; null for none
 * @param include collections, {@code *} in them; empty for all
 * @param exclude likewise; empty for none; never set together with include
 * @param labels for finding it again
 * @param compression null for the vault's
 * @param chunkMebibytes as used; null for the vault's
 */
public record CreateBackup(
    String cluster,
    @Nullable String id,
    @Nullable String vault,
    @Nullable String policy,
    List<String> include,
    List<String> exclude,
    Base base,
    Map<String, String> labels,
    @Nullable Compression compression,
    @Nullable Integer chunkMebibytes) {

  /** Which earlier backup's data it may reuse. */
  public sealed interface Base {}

  /** The newest good one of the same cluster and vault, if any. */
  public record Newest() implements Base {}

  /** None: everything is read and stored. */
  public record None() implements Base {}

  /** A certain one. */
  public record Of(String id) implements Base {}
}
