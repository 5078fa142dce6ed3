@NullMarked
package dev.tidemark.core.tree;

import org.jspecify.annotations.NullMarked;
