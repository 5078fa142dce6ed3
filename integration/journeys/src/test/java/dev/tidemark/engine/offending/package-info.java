/** Breaks the rules of its place, for the test of the rules. */
@NullMarked
package dev.tidemark.engine.offending;

import org.jspecify.annotations.NullMarked;
