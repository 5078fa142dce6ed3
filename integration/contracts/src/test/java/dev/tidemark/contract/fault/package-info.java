@NullMarked
package dev.tidemark.contract.fault;

import org.jspecify.annotations.NullMarked;
