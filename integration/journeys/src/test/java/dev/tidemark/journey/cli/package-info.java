/**
 * The command line as a person uses it: the real program in processes of its own, on real folders.
 * Nothing here looks into the product; what it left is judged by walking folders.
 */
@NullMarked
package dev.tidemark.journey.cli;

import org.jspecify.annotations.NullMarked;
