package dev.tidemark.core.control;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which backups are wanted: those that match everything that is set.
 *
 * @param cluster null for any
 * @param vault null for any of the configuration
 * @param statuses empty for any
 * @param labels that a backup must all have
 * @param since the earliest start; null for any
 * @param limit 1 to 100 000
 */
public record BackupFilter(
    @Nullable String cluster,
    @Nullable VaultPlace vault,
    Set<Status> statuses,
    Map<String, String> labels,
    @Nullable Instant since,
    int limit) {}
