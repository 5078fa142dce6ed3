/**
 * The flow: how a run gets from a request to a sealed backup or a finished restore, whatever
 * crashes, comes twice, late, or never.
 *
 * <p>A step takes one work item, changes state, and returns the next items; {@link
 * dev.tidemark.core.flow.Dispatcher} is the table of contents and the only sender. State first,
 * send second, acknowledge last: a rerun is harmless, and a rerun of finished work still does its
 * sends.
 *
 * <pre>
 * request → BackupScheduler     describe, identity, base; one commit: run STARTED, engine row, id, pin
 *   backup.plan   BackupPlanner     ownership, base again, guard, prepare; plan object; rows; TRANSFERRING
 *   lane.fill     LaneKeeper        claims up to width units of a lane and sends them
 *   unit.snapshot ShardSnapshotter  find or begin; not ready → again later
 *   unit.transfer ShardTransfer     lease; bytes → blobs → parts; open → done; claims the next unit
 *   backup.seal   BackupSealer      TRANSFERRED, FINALIZING, index, manifest, SUCCESS
 * request → RestoreScheduler    map, conflicts, room; one commit: run STARTED, engine row
 *   restore.plan   RestorePlanner   pin; rows; TRANSFERRING
 *   unit.restore   ShardRestorer    lease; blobs → staged unit
 *   restore.finish RestoreFinisher  places, TRANSFERRED, FINALIZING: commit each unit, finish, check, SUCCESS
 * request → VerifyScheduler     one commit: run STARTED; touches no engine
 *   backup.verify  BackupVerifier   pin; TRANSFERRING; as much as fits into a slice, again; SUCCESS or FAILED
 * any time          RunCanceler, Watchdog (run.watch), RunCloser (run.close), Announcer (run.announce)
 * </pre>
 *
 * <h2>Rows</h2>
 *
 * <pre>
 * c:&lt;cluster&gt;     identity · engine · run:&lt;writer&gt; · backup:&lt;vault&gt;:&lt;id&gt; · slot:&lt;policy&gt;
 *               verify:&lt;writer&gt; · verifying:&lt;vault&gt;:&lt;id&gt; · notice:&lt;writer&gt;:&lt;n&gt;
 * r:&lt;run&gt;         plan · lane:open:&lt;lane&gt; → lane:done:&lt;lane&gt; · owed:&lt;kind&gt;
 * l:&lt;run&gt;:&lt;lane&gt;  fill · open:&lt;unit&gt; → done:&lt;unit&gt;
 * d             deployment
 * n             &lt;cluster&gt; for each that has rows
 * t             due:&lt;second&gt;:&lt;id&gt;
 * </pre>
 *
 * <p>A unit is a shard, or a bin of small ones ({@link dev.tidemark.core.flow.Bins}). Rows hold
 * what is of one size: which shards a bin has is in the plan, and in the record of the sealed
 * backup, never in a row. A restore has a unit for each shard, whatever it was in the backup: its
 * row names the bin ({@link dev.tidemark.core.flow.LaneIndex}).
 *
 * <h2>Why it holds</h2>
 *
 * <ul>
 *   <li><b>Planning.</b> The plan is one create-only object; racing planners follow it. {@code
 *       plan} and {@code fill} rows are cursors: every commit that adds rows replaces its cursor,
 *       so a planner that sleeps cannot add a row that has moved on. No unit moves before the
 *       commit of TRANSFERRING, which names how many there are.
 *   <li><b>Fan-in.</b> Done is final and open is one key class. Who moves a unit then asks its lane
 *       for one {@code open:} row; none: moves the lane, and asks for a {@code lane:open:} row;
 *       none: seals. Each asks after its own commit, so the last one sees none. The watchdog asks
 *       too.
 *   <li><b>Leases.</b> Every checkpoint is conditional on the unit row's version. Time decides only
 *       when to try, never who is right. The epoch is in the name of every blob and part. An item
 *       that meets a live lease, taken for another delivery of it, comes again when that ends: a
 *       queue may have dropped both with the answer to one, and the one who has it may die.
 *   <li><b>Claims.</b> A unit is claimed by a commit and then sent. Its row names for whose sake,
 *       so that the item of a worker who died in between sends it when it comes back. What is
 *       claimed and does not move for a quarter of an hour is sent again for the watchdog's sake,
 *       which itself claims nothing.
 *   <li><b>Owed.</b> A row is written before anything is acquired outside the table, and removed
 *       after it was released. A run is closed when it owes nothing. A guard expires by itself; the
 *       watchdog renews it while units are transferred. What an engine removes by itself after some
 *       time is owed no longer than that (and a margin) after the last lease of the run, so that a
 *       node that never comes back keeps no run open.
 *   <li><b>Notices.</b> The commit that ends a run makes the row of its notice, so that there is
 *       one for every end and none for anything else. It is published, then its row is deleted:
 *       more than once where a crash comes between. A run is not closed while it owes one, for at
 *       most a day; nothing else waits for it, for an engine must not be held because a bus is
 *       away.
 *   <li><b>Places.</b> A checkpoint of a backup holds only for its snapshot, one of a restore only
 *       for its place on the target. When every unit of a restore is done, each is looked for at
 *       its place before the commit of TRANSFERRED, and one that is gone is open again: the only
 *       way back from done. Nothing is finished unless as many units are done as were planned.
 *   <li><b>Pins</b> are inside the backup's row, so that pinning and deleting exclude each other.
 *   <li><b>FINALIZING</b> is committed before the manifest is created; whoever gives up there
 *       commits VOIDING and leaves a tombstone, so that a sealer that wakes later makes a masked
 *       manifest.
 * </ul>
 */
@NullMarked
package dev.tidemark.core.flow;

import org.jspecify.annotations.NullMarked;
