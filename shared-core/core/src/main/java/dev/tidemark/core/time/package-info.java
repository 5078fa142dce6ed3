/** Time and chance, which enter at the composition root only. */
@NullMarked
package dev.tidemark.core.time;

import org.jspecify.annotations.NullMarked;
