/** Files and JSON as this node keeps them. */
@NullMarked
package dev.tidemark.node.files;

import org.jspecify.annotations.NullMarked;
