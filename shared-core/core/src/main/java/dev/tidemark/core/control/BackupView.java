package dev.tidemark.core.control;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup in a list.
 *
 * @param run of its making; empty where no table knows it
 * @param vault its configured name; empty where it has none
 * @param path where the vault is, in words for a person
 * @param completedAt null while it is not terminal
 * @param bytes of content in it
 * @param stored how many bytes it added to the vault
 * @param base the id of the backup whose data it reuses; null for none
 * @param policy null for none
 * @param missing how many things it does not hold as it should
 * @param error why it failed, a sentence; empty where it did not
 */
public record BackupView(
    String id,
    String cluster,
    String clusterId,
    String engine,
    String run,
    String vault,
    String path,
    Status status,
    Instant startedAt,
    @Nullable Instant completedAt,
    long units,
    long files,
    long bytes,
    long stored,
    @Nullable String base,
    @Nullable String policy,
    Map<String, String> labels,
    long missing,
    String error) {}
