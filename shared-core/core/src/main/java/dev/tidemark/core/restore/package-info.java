/**
 * Writes the files of one unit back, slice by slice; knows nothing of tables and queues. Whatever
 * is written was compared with its digest before.
 */
@NullMarked
package dev.tidemark.core.restore;

import org.jspecify.annotations.NullMarked;
