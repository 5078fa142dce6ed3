/**
 * Shards on the disk of one node.
 *
 * <p>A shard exists in generations, each with an id that is minted once and a folder of that name
 * ({@link dev.tidemark.node.storage.ShardFolder}). A generation is made empty, or is restored from
 * files; which of them calls see is told by the schema alone. File numbers of RocksDB grow within a
 * generation and are never used twice, so there a file's number and size are its identity.
 */
@NullMarked
package dev.tidemark.node.storage;

import org.jspecify.annotations.NullMarked;
