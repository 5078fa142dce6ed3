package dev.tidemark.core.flow;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup as the table knows it.
 *
 * @param state RUNNING, SEALED, FAILED, CANCELED, MISSING, DELETING or DELETED
 * @param sealed null where it never was
 * @param missing how many things it does not hold as it should
 * @param unreachable how many nodes did not answer: above 0 it is partial
 * @param suspect whether a later backup found other bytes than it should hold
 * @param pins the runs that keep it from being deleted
 */
public record BackupView(
    String cluster,
    String vault,
    String backupId,
    String clusterId,
    String run,
    String engine,
    @Nullable String base,
    @Nullable String policy,
    String state,
    Instant started,
    @Nullable Instant sealed,
    Map<String, String> labels,
    boolean suspect,
    long units,
    long files,
    long bytes,
    long stored,
    long missing,
    long unreachable,
    List<String> pins) {}
