/** Adapters that nobody has proven, for the rule that must notice them. */
@NullMarked
package dev.tidemark.journey.architecture.offending;

import org.jspecify.annotations.NullMarked;
