package dev.tidemark.core.engine;

import java.util.List;
import java.util.Map;

/**
 * A cluster at one moment.
 *
 * @param version of the engine's server
 * @param fingerprint differs between incarnations: a cluster that was made anew under the same
 *     name, whose file numbers may start again, has another one
 * @param consistency {@code crash} or {@code point-in-time}: what a backup of it is
 * @param scope what is cut at one moment: "file", "unit", "collection" or "cluster"
 * @param nodes names of all nodes, in byte order
 * @param collections names of all collections, in byte order
 * @param notIncluded what a backup will not hold, and why: thing to reason; a shard by its
 *     canonical name, which then is not read
 * @param alsoIncluded what a backup will hold that its shards do not tell: a collection, or a thing
 *     of the cluster, to words like "3 tenants active, 2 inactive"
 * @param unreachable nodes that do not answer, or have lost something, and are configured to be
 *     done without; a backup without them is partial. Their shards are in {@code notIncluded}
 */
public record ClusterDescription(
    String version,
    String fingerprint,
    String consistency,
    String scope,
    List<String> nodes,
    List<String> collections,
    Map<String, String> notIncluded,
    Map<String, String> alsoIncluded,
    List<String> unreachable) {}
