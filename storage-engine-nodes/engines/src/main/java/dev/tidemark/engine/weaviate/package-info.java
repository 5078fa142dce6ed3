/**
 * Engine {@code weaviate}: clusters of Weaviate 1.24 and later, by their REST API.
 *
 * <p><b>Backup.</b> A server gives its files by one way only, its native backup, which it writes to
 * a place of its own: a folder on a single node, a bucket on a cluster. That place is our
 * {@linkplain dev.tidemark.core.staging.StagingArea staging area}. {@link
 * dev.tidemark.engine.weaviate.WeaviateSource#prepare} has the server make one native backup of all
 * collections of a run, {@code tidemark-<deployment>-<writer>-<n>}, without compression where the
 * server can, and looks at it every few seconds. What lies in the staging area:
 *
 * <pre>
 *     T = tidemark-&lt;deployment&gt;-&lt;writer&gt;
 *     T-1/backup_config.json                    of the coordinator: nodes, collections, status
 *     T-1/&lt;node&gt;/backup.json                    of a node: collections, shards, files, chunks
 *     T-1/&lt;node&gt;/&lt;Collection&gt;/chunk-&lt;n&gt;         a tar of files of a shard (or parts of one file)
 *     T-laid/1/&lt;node&gt;/&lt;Collection&gt;/chunk-&lt;n&gt;    the same without compression, where it has one
 *     T-laid/1/units/&lt;unit&gt;.json                where the files of a unit are
 *     T-notes/inventory-1.json                  the native backup was found whole, and has these shards
 *     T-notes/failed-1.json                     it came to nothing, and why
 *     T-notes/lost-1-&lt;Collection&gt;.json          something of it is not there any more
 *     T-notes/watch-1, waiting, stalled, activated.json
 * </pre>
 *
 * <p>The server's SUCCESS is not believed. A native backup counts when every node's descriptor, and
 * every chunk and shard that it names, is there; so one whose coordinator died when all nodes were
 * done is not made again. The chunks' members are compared with the files that the descriptor names
 * when a unit's snapshot is taken. There is no checksum of content anywhere in a native backup:
 * damage shows where a compression, a header of tar or a size tells of it, and else only where a
 * later backup stores other bytes under the same name, size and time.
 *
 * <p>One that fails, or stores nothing new for {@code stall}, is followed by another with the next
 * number, three times at most; an id is never used again, as servers refuse it for ever. Another
 * backup in progress is waited for, and told of.
 *
 * <p>A unit is a shard, a tenant, or a bin of them, as the native backup has them, not as the
 * schema has them a moment later; so its definitions are those that the native backup holds too
 * ({@code Source.shards}, {@code Source.schema}). A collection that has no tenant yet is a unit
 * without files, so that it comes back too. Of a shard's copies one is stored, the same one each
 * time, or with {@code replicas: all} each as a shard named {@code shard@node}. A unit's tree is
 * the shard's folder in the server's data, with the three small files that a server makes for a
 * backup ({@code indexcount}, {@code proplengths}, {@code version}). Size and time are all that is
 * known of a file: identities are weak, every byte is read and hashed, and what has not changed is
 * not stored again.
 *
 * <p><b>Restore.</b> A server takes files by one way only too: its own restore of a native backup.
 * So a restore writes one into the staging area of its target, and has the server restore that:
 *
 * <pre>
 *     T-restoring/definitions.json            schema, sharding state, aliases, as the target gets them
 *     T-restoring/plan/&lt;2 digits&gt;.json         of units: their nodes, the numbers of their chunks
 *     T-restoring/units/&lt;unit&gt;/…               how far a unit is
 *     T-restore/&lt;node&gt;/&lt;Collection&gt;/chunk-&lt;n&gt;  tars of some MiB; a larger file is in parts
 *     T-restore/&lt;node&gt;/backup.json, T-restore/backup_config.json
 *     T-restoring/intent.json                 what the server is asked to make, noted before
 *     T-restore/restore_config.json           of the server: how far its restore is
 * </pre>
 *
 * <p>All of it names the target's nodes and the new names of collections, so no server maps
 * anything: shards go to any number of nodes ({@link dev.tidemark.engine.weaviate.Placement}), with
 * fewer copies where there are fewer nodes, and the one copy that was stored goes to every node
 * that is to have one. A collection may get another name: servers read it from the folder (seen
 * with 1.38.11). Every byte was proven by its digest when it came from the vault; a server proves
 * none.
 *
 * <p>Collections are visible when the server has restored them all; the flow then compares counts
 * and answers. Before it is asked, the folder of each name is emptied on every node: a server that
 * finds one there keeps it, makes the collection over it and says SUCCESS; and one that was killed
 * in a restore puts half of it there when it starts again. A collection that is to be replaced is
 * dropped at that moment, and is missing until the server has restored it. What a restore that
 * failed has made is dropped: collections that have the backup's own shards, or no index.
 */
@NullMarked
package dev.tidemark.engine.weaviate;

import org.jspecify.annotations.NullMarked;
