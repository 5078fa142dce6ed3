/**
 * Moves the bytes of one unit into a vault, slice by slice; knows nothing of tables and queues.
 *
 * <ol>
 *   <li>A listing decides whether the unit is unchanged; then its base's parts are its parts.
 *   <li>Else a second one, merged with the base's entries, decides which of the base's packs are
 *       still used enough to be referred to.
 *   <li>A third one, merged with the base's entries and with what this run read of earlier
 *       snapshots, gives the entries in order. What must be read is read in pieces (a pack of small
 *       files, a chunk of a large one) by several workers; their results are put in order again.
 *   <li>At a cut, and at the end of a slice, a part is written and a checkpoint saved; not for a
 *       unit of one part, which is done with the next commit.
 *   <li>At the end every blob of this run that the parts refer to is looked for in the store.
 * </ol>
 */
@NullMarked
package dev.tidemark.core.transfer;

import org.jspecify.annotations.NullMarked;
