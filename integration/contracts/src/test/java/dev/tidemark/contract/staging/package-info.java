@NullMarked
package dev.tidemark.contract.staging;

import org.jspecify.annotations.NullMarked;
