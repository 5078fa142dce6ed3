@NullMarked
package dev.tidemark.contract.blob;

import org.jspecify.annotations.NullMarked;
