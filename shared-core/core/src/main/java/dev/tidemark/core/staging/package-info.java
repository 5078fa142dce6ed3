/**
 * Scratch: where engines put their native backups for us to read, where what is compressed in them
 * is laid out to be read at any offset, and where archives are rebuilt for engines to restore from.
 * Never a vault, nor below one: nothing here is kept, everything may be overwritten, and all of it
 * is gone after {@link dev.tidemark.core.staging.StagingArea#KEPT}, by a rule of the store or
 * because whoever uses the area {@linkplain dev.tidemark.core.staging.StagingSweep sweeps} it.
 *
 * <p>An object larger than memory is made by an upload: {@code begin} names it, parts are stored by
 * number in any order and by any process, {@code complete} makes the object of them at one moment.
 * What a process that dies leaves of it is found again by {@code parts}, so that the next one goes
 * on where it ended.
 */
@NullMarked
package dev.tidemark.core.staging;

import org.jspecify.annotations.NullMarked;
