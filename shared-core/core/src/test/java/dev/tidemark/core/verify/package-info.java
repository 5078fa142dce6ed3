@NullMarked
package dev.tidemark.core.verify;

import org.jspecify.annotations.NullMarked;
