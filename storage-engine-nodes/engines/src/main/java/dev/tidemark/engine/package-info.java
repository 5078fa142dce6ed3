/** The databases that Tidemark can back up, a package for each. */
@NullMarked
package dev.tidemark.engine;

import org.jspecify.annotations.NullMarked;
