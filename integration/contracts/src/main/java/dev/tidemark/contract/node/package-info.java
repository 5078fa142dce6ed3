/**
 * Embedded storage nodes as real processes, for tests that need a database: started, killed,
 * stopped in the middle, wiped, and asked. The node's program must be on the class path of the
 * test; nothing here depends on it.
 */
@NullMarked
package dev.tidemark.contract.node;

import org.jspecify.annotations.NullMarked;
