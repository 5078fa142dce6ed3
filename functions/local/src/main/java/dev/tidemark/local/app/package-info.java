/**
 * What people can ask of Tidemark on one machine beside {@link dev.tidemark.core.control.Control}:
 * {@link dev.tidemark.local.app.Tidemark}, its requests, and its answers. Every command of the
 * command line is one call of it.
 */
@NullMarked
package dev.tidemark.local.app;

import org.jspecify.annotations.NullMarked;
