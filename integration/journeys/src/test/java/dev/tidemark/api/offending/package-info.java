/** Breaks the rules of its place, for the test of the rules. */
@NullMarked
package dev.tidemark.api.offending;

import org.jspecify.annotations.NullMarked;
