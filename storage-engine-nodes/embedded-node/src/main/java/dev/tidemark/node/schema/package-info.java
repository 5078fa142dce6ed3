/**
 * What the cluster agrees on: collections, where their shards are, restores in progress. Values
 * only.
 */
@NullMarked
package dev.tidemark.node.schema;

import org.jspecify.annotations.NullMarked;
