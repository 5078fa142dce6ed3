/**
 * Benchmarks, run by {@code mvn -Pbench verify} and never by a build without that profile. {@link
 * dev.tidemark.journey.bench.Benchmarks} is where to begin; the module's README tells how to read
 * what they print.
 */
@NullMarked
package dev.tidemark.journey.bench;

import org.jspecify.annotations.NullMarked;
