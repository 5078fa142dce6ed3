package dev.tidemark.core.flow;

/**
 * The cursor of the units of a lane.
 *
 * @param next how many of them have rows
 */
record FillRow(int v, int next) {}
