/**
 * Tests of the engine on real servers, and of its parts on what servers have written.
 *
 * <p>What a server's own tests try of its backups, and what has come to pass with it elsewhere, is
 * tried here too:
 *
 * <ul>
 *   <li>every object and vector, and nothing that came later: {@code RestoreTest}
 *   <li>fifty tenants, ten of them inactive: {@code RestoreTest}
 *   <li>tenants switched in the middle: {@code SingleNodeTest}
 *   <li>compressed vectors, also of tenants: {@code RecallTest}
 *   <li>cancelled at once: {@code SingleNodeTest}; a restore: {@code RestoreTest}, {@code
 *       OtherNodesTest}
 *   <li>incremental, of 0, 1 and 20 % changes: {@code WeaviateTest} of the journeys. It is ours: a
 *       native incremental backup is never asked for
 *   <li>gzip, zstd, none: {@code SingleNodeTest}, {@code ThreeNodesTest}
 *   <li>coordinated by one node, polled by way of another: {@code ThreeNodesTest}
 *   <li>a backend of file systems refused on a cluster: {@code OtherNodesTest}
 *   <li>nodes of other names, another bucket, another number of nodes: {@code OtherNodesTest},
 *       {@code MigrationTest}
 *   <li>a backup of an older server restored into a newer one: not run, for one release is
 *       installed; what each release can is in {@code RefusalTest}, what it writes in {@code
 *       RecordedTest}
 *   <li>backups in a loop under imports, with copies: {@code ThreeNodesTest}
 *   <li>changed, searched by filters and references, and backed up again after a restore: {@code
 *       RestoreTest}
 *   <li>a collection dropped in the middle: {@code SingleNodeTest}
 *   <li>aliases, kept, refused, overwritten: {@code RestoreTest}
 *   <li>users and roles: {@code AccessTest}. Who may do what is the server's affair; who may not is
 *       told what it lacks
 *   <li>flushed and compacted after a backup: {@code SingleNodeTest}
 *   <li>reindexing refused: only in a server's words, {@code RefusalTest}; that of a small
 *       collection is over before anybody looks
 *   <li>into an empty cluster, from production: {@code MigrationTest}, {@code WeaviateTest}
 *   <li>wildcards, bad names: {@code WeaviateTest}
 * </ul>
 *
 * <p>Beyond them: nodes killed or hung in the middle, lost and damaged chunks, servers and workers
 * killed at random moments ({@code WeaviateKilledTest} of the journeys), the folder of a node as
 * plain files ({@code WeaviateFolderTest}).
 */
@NullMarked
package dev.tidemark.engine.weaviate;

import org.jspecify.annotations.NullMarked;
