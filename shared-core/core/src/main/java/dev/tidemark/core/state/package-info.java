/** The key-value table that holds what runs, rows and pins are now. */
@NullMarked
package dev.tidemark.core.state;

import org.jspecify.annotations.NullMarked;
