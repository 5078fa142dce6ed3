package dev.tidemark.node;

import dev.tidemark.node.cluster.Members;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that a node is told at its start.
 *
 * @param apiKey what every call must bear
 * @param diskLimitBytes empty: what the disk has
 * @param restoresKept for how long an unpublished restore is kept
 * @param tls empty: plain HTTP
 */
public record NodeSettings(
    Members members,
    Path data,
    String host,
    int port,
    String apiKey,
    OptionalLong diskLimitBytes,
    long memtableBytes,
    Duration restoresKept,
    Optional<TlsFiles> tls) {
  public static final long DEFAULT_MEMTABLE_BYTES = 16L << 20;
  public static final Duration DEFAULT_RESTORES_KEPT = Duration.ofDays(7);
}
