@NullMarked
package dev.tidemark.engine.weaviate;

import org.jspecify.annotations.NullMarked;
