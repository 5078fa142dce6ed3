@NullMarked
package dev.tidemark.core.contents;

import org.jspecify.annotations.NullMarked;
