@NullMarked
package dev.tidemark.local.cli;

import org.jspecify.annotations.NullMarked;
