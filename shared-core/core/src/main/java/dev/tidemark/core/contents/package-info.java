/** What is in backups and vaults, for people: contents, differences, sizes. */
@NullMarked
package dev.tidemark.core.contents;

import org.jspecify.annotations.NullMarked;
