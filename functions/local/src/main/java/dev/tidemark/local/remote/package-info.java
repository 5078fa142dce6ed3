/** A Tidemark elsewhere, asked by HTTP: what {@code tidemark --server URL} works with. */
@NullMarked
package dev.tidemark.local.remote;

import org.jspecify.annotations.NullMarked;
