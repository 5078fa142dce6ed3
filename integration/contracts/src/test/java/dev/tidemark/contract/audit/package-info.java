@NullMarked
package dev.tidemark.contract.audit;

import org.jspecify.annotations.NullMarked;
