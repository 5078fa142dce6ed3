@NullMarked
package dev.tidemark.contract;

import org.jspecify.annotations.NullMarked;
