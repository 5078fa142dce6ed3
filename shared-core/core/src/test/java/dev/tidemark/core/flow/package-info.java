@NullMarked
package dev.tidemark.core.flow;

import org.jspecify.annotations.NullMarked;
