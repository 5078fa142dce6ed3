/** The rules of the house that a compiler does not know. */
@NullMarked
package dev.tidemark.journey.architecture;

import org.jspecify.annotations.NullMarked;
