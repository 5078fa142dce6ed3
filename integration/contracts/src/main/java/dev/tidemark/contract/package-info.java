/**
 * What every adapter of a port must do, as tests: one interface of default tests for each port, and
 * a small environment in which a provider says how to reach it. An adapter's test implements the
 * interface, answers {@code environment()} with a fresh environment, and is done.
 */
@NullMarked
package dev.tidemark.contract;

import org.jspecify.annotations.NullMarked;
