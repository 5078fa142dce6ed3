/** Workers and their memory, both bounded. */
@NullMarked
package dev.tidemark.core.parallel;

import org.jspecify.annotations.NullMarked;
