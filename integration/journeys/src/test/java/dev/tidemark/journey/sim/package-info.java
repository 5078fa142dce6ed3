/**
 * A world for trials of the flow: every port in memory, time that moves only when a call is made or
 * nothing else is left to do, and processes that die where a plan says so. What happens follows
 * from the seed and from the plan of faults alone.
 */
@NullMarked
package dev.tidemark.journey.sim;

import org.jspecify.annotations.NullMarked;
