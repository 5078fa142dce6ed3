package dev.tidemark.core.control;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are wanted: those that match everything that is set.
 *
 * @param cluster null for any
 * @param statuses empty for any
 * @param since the earliest start; null for any
 * @param limit 1 to 100 000
 */
public record RunFilter(
    @Nullable String cluster, Set<Status> statuses, @Nullable Instant since, int limit) {}
