/** Trees of files as engines show them and vaults store them: names as bytes, in one order. */
@NullMarked
package dev.tidemark.core.tree;

import org.jspecify.annotations.NullMarked;
