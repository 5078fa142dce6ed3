/**
 * The ports in memory: for simulations, tests and a first look. They keep the whole contract of
 * their ports and, in their mean form, use all the freedom that it leaves them: duplicates, other
 * orders, delays, short pages, rows of different moments. What they do is decided by a seed, which
 * they print.
 */
@NullMarked
package dev.tidemark.core.memory;

import org.jspecify.annotations.NullMarked;
