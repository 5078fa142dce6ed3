/**
 * Engine {@code embedded}: our own storage-engine node ({@code storage-engine-nodes/embedded-node};
 * its {@code API.md} is the wire contract).
 *
 * <p>A unit is a shard, a tenant, or a bin of small ones. The snapshot of a shard is a checkpoint
 * on the node that holds the shard, named as the run is, with a time to live; its files never
 * change, so a file's identity is its number, size and SHA-256. A shard's snapshot is a state of
 * one moment; shards are of different moments, also those of a bin, and writes go on. A transfer
 * that outlives its snapshot begins again with a new one, on what it has stored; and a node that
 * never comes back is owed nothing once the time is over.
 *
 * <p>A restore is one restore of the cluster, under the run's name. {@link
 * dev.tidemark.engine.embedded.EmbeddedTarget#prepare} begins its collections, invisibly; units are
 * written to the nodes on which they will be; a commit makes the node check every file and block;
 * and one write of the cluster's schema shows all of it at once, when the run finishes. So no crash
 * shows half a restore, and what is replaced serves until then.
 */
@NullMarked
package dev.tidemark.engine.embedded;

import org.jspecify.annotations.NullMarked;
