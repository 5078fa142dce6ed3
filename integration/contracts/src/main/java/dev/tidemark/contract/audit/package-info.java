/**
 * Reads a vault from the written format alone, without any code of the product, and says what it
 * holds: the second opinion for tests.
 */
@NullMarked
package dev.tidemark.contract.audit;

import org.jspecify.annotations.NullMarked;
