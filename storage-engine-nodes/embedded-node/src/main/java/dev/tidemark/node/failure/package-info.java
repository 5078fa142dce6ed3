/** Refusals and failures, and the problem documents that tell of them. */
@NullMarked
package dev.tidemark.node.failure;

import org.jspecify.annotations.NullMarked;
