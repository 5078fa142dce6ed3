/**
 * A storage-engine node for vectors on RocksDB: a process with an HTTP API, alone or with others.
 * {@link dev.tidemark.node.Node} puts the parts together, {@link dev.tidemark.node.Main} runs them:
 *
 * <pre>
 * http      controllers; what the API promises stands in API.md
 * cluster   the schema and who may change it; data calls on whole collections
 * storage   shards, their snapshots and restores, on this node's disk
 * schema    the values that nodes exchange
 * </pre>
 */
@NullMarked
package dev.tidemark.node;

import org.jspecify.annotations.NullMarked;
