@NullMarked
package dev.tidemark.core.transfer;

import org.jspecify.annotations.NullMarked;
