/** Secrets by reference. */
@NullMarked
package dev.tidemark.core.secret;

import org.jspecify.annotations.NullMarked;
