/**
 * A world for trials of the flow: time that moves only when a call is made or nothing else is left
 * to do, and processes that die where a plan says so. Where every port is in memory, what happens
 * follows from the seed and from the plan of faults alone; over real servers ({@link
 * dev.tidemark.journey.sim.AwsPorts}) it follows from them as far as the servers go along.
 */
@NullMarked
package dev.tidemark.journey.sim;

import org.jspecify.annotations.NullMarked;
