@NullMarked
package dev.tidemark.core.config;

import org.jspecify.annotations.NullMarked;
