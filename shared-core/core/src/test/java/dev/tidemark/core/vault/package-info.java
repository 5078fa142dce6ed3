@NullMarked
package dev.tidemark.core.vault;

import org.jspecify.annotations.NullMarked;
