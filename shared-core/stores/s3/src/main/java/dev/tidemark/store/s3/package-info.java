@NullMarked
package dev.tidemark.store.s3;

import org.jspecify.annotations.NullMarked;
