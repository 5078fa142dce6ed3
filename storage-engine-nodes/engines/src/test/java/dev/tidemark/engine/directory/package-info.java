@NullMarked
package dev.tidemark.engine.directory;

import org.jspecify.annotations.NullMarked;
