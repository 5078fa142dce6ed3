/** What the outside is told. */
@NullMarked
package dev.tidemark.core.notice;

import org.jspecify.annotations.NullMarked;
