/**
 * Whether a backup is what was stored: reads a vault by its format and names every object that is
 * missing or other than it should be, with the files that it costs.
 */
@NullMarked
package dev.tidemark.core.verify;

import org.jspecify.annotations.NullMarked;
