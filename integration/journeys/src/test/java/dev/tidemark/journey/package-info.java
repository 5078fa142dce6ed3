/** End-to-end trials: the whole flow over ports in memory, and over real files. */
@NullMarked
package dev.tidemark.journey;

import org.jspecify.annotations.NullMarked;
