/**
 * How the nodes act together.
 *
 * <p>The schema node alone changes the schema. Each version is first on its disk, then sent to all
 * nodes; who missed it asks each second, and whenever a call meets a name or a generation that it
 * does not know. A node keeps its copy on disk and works by it while the schema node is down.
 *
 * <p>Data calls name the generation of each shard that they ask for. So a call is answered by one
 * version of the schema on all nodes, whichever versions they have, or is made again.
 *
 * <ol>
 *   <li>create: pending in the schema; folders on the nodes; visible in the schema
 *   <li>restore: begun in the schema, with new generations; files on the nodes; committed on each;
 *       published by one write of the schema
 *   <li>drop: gone from the schema; then each node removes folders that the schema does not know
 * </ol>
 *
 * A folder is made only after the schema knows its generation, and the copy on a node's disk never
 * gets older; so what the copy does not know was dropped and can be removed without asking.
 */
@NullMarked
package dev.tidemark.node.cluster;

import org.jspecify.annotations.NullMarked;
