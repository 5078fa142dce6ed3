@NullMarked
package dev.tidemark.aws;

import org.jspecify.annotations.NullMarked;
