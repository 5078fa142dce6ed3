/** The vault's medium: small, create-only, ordered. */
@NullMarked
package dev.tidemark.core.blob;

import org.jspecify.annotations.NullMarked;
