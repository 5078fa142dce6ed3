/**
 * Servers that speak as a cloud's do, for tests: a process of its own, whose class path is nobody
 * else's.
 */
@NullMarked
package dev.tidemark.emulator;

import org.jspecify.annotations.NullMarked;
