@NullMarked
package dev.tidemark.store.filesystem;

import org.jspecify.annotations.NullMarked;
